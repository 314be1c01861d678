"""A person's request: who asks, authorised on what is true now, and done once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.actions.authority import authorise_on, check_not_stopped
from store.actions.disclose import Shows, disclose
from store.audit import Detail
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.rules.access.permissions import Action, authorise_in
from store.rules.cases import lifecycle
from store.rules.cases.case import Actor, Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import CaseworkError, InvalidInput, NotAllowed
from store.rules.model import CaseStatus, OutboxKind
from store.tables import interactions


@dataclass(frozen=True, slots=True)
class Request:
    """``actor`` is an enrolled member of staff; ``key`` names this very click or command."""

    actor: int
    key: str


class AlreadyDone(CaseworkError):
    """The same click arrived twice; the first one did it. Nothing needs to be said."""

    def __init__(self) -> None:
        super().__init__("That is done already.")


class ThinkAgain(InvalidInput):
    """A question about what was typed. ``mark`` is remembered, so that it is asked once."""

    def __init__(self, sentence: str, *, field: str, mark: str) -> None:
        super().__init__(sentence, field=field)
        self.mark = mark


@dataclass(slots=True)
class CaseRequest:
    """A request that was let through: the open transaction, the person, and the case."""

    work: UnitOfWork
    actor: Actor
    case: Case
    deputy: bool = False
    """Whether the person stands in for the school's leads, which the audit says each time."""
    _turned: dict[str, str] = field(default_factory=dict, init=False)

    def record(self, action: str, **details: str | int | bool | None) -> None:
        """Note for the audit what this person did to this case, and where that has put it."""
        details |= self._turned
        if self.deputy:
            details["deputy"] = True
        self.work.record(f"staff:{self.actor.id}", action, f"case:{self.case.id}", **details)

    def disclose(
        self,
        shows: Collection[Shows],
        purpose: str,
        *,
        action: str = "reveal",
        why: str = "",
        again: bool = False,
        **details: Detail,
    ) -> None:
        """Record what of the student this person now sees, and what for."""
        if self.deputy:
            details["deputy"] = True
        disclose(
            self.work,
            self.actor.id,
            f"case:{self.case.id}",
            shows,
            purpose,
            action=action,
            why=why,
            again=again,
            **details,
        )

    def move(self, move: Move, **changes: object) -> CaseStatus:
        """Move the case on and ask for its card to be shown afresh."""
        status = lifecycle.after(self.case, move)
        change_case(self.work, self.case, status=status, **changes)
        self._turned = turned(self.case, status)
        return status


@contextmanager
def on_case(store: Store, request: Request, action: Action, case_id: int) -> Iterator[CaseRequest]:
    """Begin a use case on one case. A refusal is audited, though nothing else is kept."""
    try:
        with store.unit_of_work() as work:
            once(work, request.key)
            case = repository.case(work.connection, case_id, lock=True)
            actor = repository.actor(work.connection, request.actor)
            deputy = authorise_on(work.connection, actor, action, case)
            check_not_stopped(work.connection, action, case)
            yield CaseRequest(work, actor, case, deputy)
    except NotAllowed:
        record_refusal(store, request.actor, action, f"case:{case_id}")
        raise
    except ThinkAgain as question:
        # Nothing else of the request is kept.
        with store.unit_of_work() as work, suppress(AlreadyDone):
            once(work, question.mark)
        raise


@dataclass(frozen=True, slots=True)
class SchoolRequest:
    """A request that concerns a school, let through."""

    work: UnitOfWork
    actor: Actor
    school: int

    def record(self, action: str, **details: str | int | bool | None) -> None:
        """Note for the audit what this person did in this school."""
        self.work.record(f"staff:{self.actor.id}", action, f"school:{self.school}", **details)

    def disclose(
        self,
        shows: Collection[Shows],
        purpose: str,
        *,
        action: str = "reveal",
        why: str = "",
        again: bool = False,
        **details: Detail,
    ) -> None:
        """Record what of students without a case this person now sees, and what for."""
        disclose(
            self.work,
            self.actor.id,
            f"school:{self.school}",
            shows,
            purpose,
            action=action,
            why=why,
            again=again,
            **details,
        )


@contextmanager
def in_school(
    store: Store, request: Request, action: Action, school: int
) -> Iterator[SchoolRequest]:
    """Begin a use case that concerns a school rather than one case."""
    try:
        with store.unit_of_work() as work:
            once(work, request.key)
            actor = repository.actor(work.connection, request.actor)
            authorise_in(actor, action, school)
            yield SchoolRequest(work, actor, school)
    except NotAllowed:
        record_refusal(store, request.actor, action, f"school:{school}")
        raise


def once(work: UnitOfWork, key: str) -> None:
    """Claim the key of an interaction for this transaction."""
    try:
        with work.connection.begin_nested():
            work.connection.execute(sa.insert(interactions).values(key=key, at=work.now))
    except IntegrityError:
        raise AlreadyDone from None


def record_refusal(store: Store, actor: int, action: str, subject: str) -> None:
    """Audit that somebody was refused something."""
    with store.unit_of_work() as work:
        work.record(f"staff:{actor}", "refused", subject, wanted=str(action))


def turned(before: Case, status: CaseStatus) -> dict[str, str]:
    """For the audit: where a case stands from now on. Empty where it stood there before.

    Every turn of a case is in the audit row of what made it, so that the rows alone tell by whom
    and when it came to stand where it stands.
    """
    return {} if status is before.status else {"status": status}


def change_case(work: UnitOfWork, case: Case, **changes: object) -> None:
    """Write changes to a case, and have its card shown afresh wherever it is."""
    repository.save_case(work, case, **changes)
    outbox.put(
        work,
        OutboxKind.CARD,
        f"card:{case.id}:{case.version + 1}",
        school=case.school,
        case=case.id,
    )
