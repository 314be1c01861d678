"""Begin a person's request: authorised by the current facts, and done once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.dialects import postgresql, sqlite

from store.actions.authority import authorise_on, check_not_stopped
from store.actions.disclose import disclose
from store.audit import Detail
from store.db import repository
from store.db.database import Connection
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.queries.schools.staff import colleague
from store.rules.access.disclosures import Shows
from store.rules.access.permissions import Action, authorise_in
from store.rules.cases import lifecycle
from store.rules.cases.case import Actor, Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import CaseworkError, InvalidInput, NotAllowed
from store.rules.model import CaseStatus, OutboxKind
from store.tables import interactions

WordsShown = Callable[[Connection, int], Sequence[str]]
"""Case → the texts of its card."""


@dataclass(frozen=True, slots=True)
class Request:
    """A person's request: ``actor`` is an enrolled member of staff, ``key`` names one click.

    ``words_shown`` returns the texts of a case's card, so that text copied from it is not accepted
    as the person's own reason; None where they see no card.
    """

    actor: int
    key: str
    words_shown: WordsShown | None = field(default=None, compare=False, repr=False)


class AlreadyDone(CaseworkError):
    """The same click arrived twice. The first was handled, so the second needs no answer."""

    def __init__(self) -> None:
        super().__init__("This has already been done.")


class ThinkAgain(InvalidInput):
    """A question about what was typed. ``mark`` is remembered, so that it is asked once."""

    def __init__(self, sentence: str, *, field: str, mark: str) -> None:
        super().__init__(sentence, field=field)
        self.mark = mark


class _AuthorisedRequest:
    """What an authorised request on a case shares with one in a school."""

    __slots__ = ()
    work: UnitOfWork
    actor: Actor

    @property
    def subject(self) -> str:
        """The subject in the audit: ``case:7`` or ``school:1``."""
        raise NotImplementedError

    @property
    def acting_as(self) -> dict[str, Detail]:
        """What the audit records of the person each time, beside who they are."""
        return {}

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
        """Record what this person now sees of a student, and for what purpose."""
        disclose(
            self.work,
            self.actor.id,
            self.subject,
            shows,
            purpose,
            action=action,
            why=why,
            again=again,
            **details,
            **self.acting_as,
        )


@dataclass(slots=True)
class CaseRequest(_AuthorisedRequest):
    """An authorised request on a case: the open transaction, the person and the case."""

    work: UnitOfWork
    actor: Actor
    case: Case
    deputy: bool = False
    """Whether the person acts for the school's leads, which the audit records each time."""
    words_shown: WordsShown | None = None
    _turned: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def about(self) -> str:
        """The subject under which ``ask_once`` remembers a question about typed words."""
        return str(self.case.id)

    @property
    def subject(self) -> str:
        """The case, as the audit names it."""
        return f"case:{self.case.id}"

    @property
    def acting_as(self) -> dict[str, Detail]:
        """What the audit records beside the person: whether they act for the school's leads."""
        return {"deputy": True} if self.deputy else {}

    def record(self, action: str, **details: Detail) -> None:
        """Record in the audit what this person did to this case, and its status after it."""
        details |= self._turned | self.acting_as
        self.work.record(f"staff:{self.actor.id}", action, self.subject, **details)

    def move(self, move: Move, **changes: object) -> CaseStatus:
        """Move the case to its next status, and queue an update of its card."""
        status = lifecycle.after(self.case, move)
        change_case(self.work, self.case, status=status, **changes)
        self._turned = turned(self.case, status)
        return status


@contextmanager
def on_case(store: Store, request: Request, action: Action, case_id: int) -> Iterator[CaseRequest]:
    """Begin a use case on one case. A refusal is audited, though the request is rolled back."""
    try:
        with remembers_question(store), store.unit_of_work() as work:
            once(work, request.key)
            case = repository.case(work.connection, case_id, lock=True)
            actor = colleague(work.connection, case.school, request.actor)
            deputy = authorise_on(work.connection, actor, action, case)
            check_not_stopped(work.connection, action, case)
            yield CaseRequest(work, actor, case, deputy, request.words_shown)
    except NotAllowed:
        record_refusal(store, request.actor, action, f"case:{case_id}")
        raise


@contextmanager
def remembers_question(store: Store) -> Iterator[None]:
    """Remember a question about words, though the rest of the request is rolled back."""
    try:
        yield
    except ThinkAgain as question:
        with store.unit_of_work() as work, suppress(AlreadyDone):
            once(work, question.mark)
        raise


@dataclass(frozen=True, slots=True)
class SchoolRequest(_AuthorisedRequest):
    """An authorised request that concerns a school."""

    work: UnitOfWork
    actor: Actor
    school: int

    @property
    def about(self) -> str:
        """The subject under which ``ask_once`` remembers a question about typed words."""
        return self.subject

    @property
    def subject(self) -> str:
        """The school, as the audit names it."""
        return f"school:{self.school}"

    def record(self, action: str, **details: Detail) -> None:
        """Record in the audit what this person did in this school."""
        self.work.record(f"staff:{self.actor.id}", action, self.subject, **details)


@contextmanager
def in_school(
    store: Store, request: Request, action: Action, school: int
) -> Iterator[SchoolRequest]:
    """Begin a use case that concerns a school rather than one case."""
    try:
        with remembers_question(store), store.unit_of_work() as work:
            once(work, request.key)
            actor = repository.actor(work.connection, request.actor)
            authorise_in(actor, action, school)
            yield SchoolRequest(work, actor, school)
    except NotAllowed:
        record_refusal(store, request.actor, action, f"school:{school}")
        raise


def once(work: UnitOfWork, key: str) -> None:
    """Claim an interaction's key for this transaction, so that it takes effect once.

    Raises ``AlreadyDone`` where an earlier transaction claimed it.
    """
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(interactions) if is_sqlite else postgresql.insert(interactions)
    # One that is claiming it at this moment is waited for.
    claim = insert.values(key=key, at=work.now).on_conflict_do_nothing()
    if work.connection.execute(claim.returning(interactions.c.key)).one_or_none() is None:
        raise AlreadyDone


def record_refusal(store: Store, actor: int, action: str, subject: str) -> None:
    """Record in the audit that a person was refused an action."""
    with store.unit_of_work() as work:
        work.record(f"staff:{actor}", "refused", subject, wanted=str(action))


def turned(before: Case, status: CaseStatus) -> dict[str, str]:
    """Return ``{"status": …}`` for the audit; empty where the status has not changed.

    Every change of status is in the audit row of its cause, so that the rows alone tell who changed
    it and when.
    """
    return {} if status is before.status else {"status": status}


def change_case(work: UnitOfWork, case: Case, **changes: object) -> None:
    """Write changes to a case, and queue an update of its card wherever it is shown."""
    repository.save_case(work, case, **changes)
    outbox.put(
        work,
        OutboxKind.CARD,
        f"card:{case.id}:{case.version + 1}",
        school=case.school,
        case=case.id,
    )
