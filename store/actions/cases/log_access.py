"""Show a case to a person who may see it, and record each access in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.actions.authority import authorise_on, check_not_stopped
from store.actions.disclose import LOOKS, READS_FOR
from store.actions.kept_words import think_twice
from store.actions.notices.read_now import mark_read
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, on_case, record_refusal
from store.db import repository
from store.db.unit_of_work import Store
from store.policies.versions import policy_in_force
from store.queries.cases.case import case_view
from store.queries.cases.history import EarlierCase, earlier_cases
from store.queries.cases.identity import private_view
from store.queries.cases.records import CaseView, PrivateView
from store.queries.deaths import has_died
from store.rules.access.confidentiality import LONGEST_WHY, RevealPurpose
from store.rules.access.death import stopped
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.text.limits import within
from store.tables import FLAG_IS_ACTIVE, audit, flags, reveals

_ANSWERED = (Shows.IDENTITY, Shows.NOTES, Shows.ANSWERS)
_WHOLE = (*_ANSWERED, Shows.ADDRESS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as this person may see it; ``private`` is None where it stays pseudonymous."""

    view: CaseView
    private: PrivateView | None
    may_reveal: bool = False


def preview_case(store: Store, actor: int, case_id: int, action: Action) -> CaseView:
    """Return what a dialog shows before its action. It holds no names, so no audit row is written.

    Authorises the action first, so that no one fills in a form that is then refused.
    """
    with _authorised(store, actor, case_id, action) as (connection, _):
        return case_view(connection, case_id, institution_day(store.now()))


def check_case(store: Store, actor: int, case_id: int, action: Action) -> Case:
    """Authorise the action like ``preview_case``, where only the case itself is needed."""
    with _authorised(store, actor, case_id, action) as (_, case):
        return case


@contextmanager
def _authorised(
    store: Store, actor: int, case_id: int, action: Action
) -> Iterator[tuple[sa.Connection, Case]]:
    """Begin to read a case for an action that this person may do; a refusal is audited."""
    try:
        with store.database.read() as connection:
            person = repository.actor(connection, actor)
            case = repository.case(connection, case_id)
            authorise_on(connection, person, action, case)
            check_not_stopped(connection, action, case)
            yield connection, case
    except NotAllowed:
        record_refusal(store, actor, action, f"case:{case_id}")
        raise


def show_case(store: Store, request: Request, case_id: int) -> Shown:
    """Return the whole case for a private answer, without the student's identity.

    Where a school has chosen names, those who may reveal them see them here too.
    """
    with showing(store, request, case_id) as (_, shown):
        return shown


@contextmanager
def showing(store: Store, request: Request, case_id: int) -> Iterator[tuple[sa.Connection, Shown]]:
    """Show a case like ``show_case``; also return the transaction, for further reads."""
    with on_case(store, request, Action.SEE, case_id) as asked:
        reveals_names = may(asked.actor, Action.REVEAL, asked.case.school)
        named = reveals_names and _shows_names(asked)
        yield (
            asked.work.connection,
            Shown(
                view=_viewed(asked),
                private=private_view(asked.work.connection, case_id) if named else None,
                may_reveal=reveals_names,
            ),
        )
        if named:
            asked.disclose(_WHOLE, Implied.NAMES_SHOWN)
        else:
            asked.disclose((Shows.NOTES,), Implied.LOOKING, action="see")


def open_evidence(store: Store, request: Request, case_id: int, action: Action) -> CaseView:
    """Return why a case is open to a person about to do ``action``, and audit the access.

    Raises ``InvalidInput`` where it is closed, before anything is shown.
    """
    with on_case(store, request, action, case_id) as asked:
        check_open(asked.case)
        asked.record("see")
        return _viewed(asked)


def check_open(case: Case) -> None:
    """Refuse additions to a closed case. Raises ``InvalidInput``."""
    if case.is_closed:
        raise InvalidInput(f"You cannot add to {case.reference} because it is closed.")


@contextmanager
def showing_steps(
    store: Store, request: Request, case_id: int
) -> Iterator[tuple[sa.Connection, CaseView]]:
    """Show a case to a person who opens its contact ladder, and audit the access.

    Returns the transaction that read it too, for what else the answer shows.
    """
    with on_case(store, request, Action.LADDER, case_id) as asked:
        yield asked.work.connection, _viewed(asked)
        asked.disclose((Shows.STEPS,), Implied.LADDER, action="ladder")


def has_opened(asked: CaseRequest) -> bool:
    """Return whether this person has seen the case since its newest evidence was found."""
    connection, case = asked.work.connection, asked.case
    newest = connection.execute(
        sa.select(sa.func.max(flags.c.raised_at)).where(flags.c.case_id == case.id, FLAG_IS_ACTIVE)
    ).scalar_one_or_none()
    looked = sa.select(audit.c.seq).where(
        audit.c.subject == f"case:{case.id}",
        audit.c.actor == f"staff:{asked.actor.id}",
        audit.c.action.in_(LOOKS),
        *([audit.c.at >= newest] if newest is not None else []),
    )
    return connection.execute(looked.limit(1)).first() is not None


def reveal_student(
    store: Store, request: Request, case_id: int, purpose: RevealPurpose, why: str = ""
) -> Shown:
    """Return the case with name, contact details and answers, for a stated purpose."""
    with on_case(store, request, Action.REVEAL, case_id) as asked:
        tidy = within(" ".join(why.split()), LONGEST_WHY, "why")
        if purpose is RevealPurpose.OTHER:
            tidy = reason_on(asked, why, field="why", asks="Give the purpose", longest=LONGEST_WHY)
        else:
            think_twice(asked, tidy, "why")
        shown = _opened(asked)
        mark_read(asked.work, asked.actor.id, case=case_id)
        asked.disclose(_WHOLE, purpose, why=tidy)
        return shown


def read_answers(store: Store, request: Request, case_id: int) -> Shown:
    """Return the case with the student's name and answers, but no number or address, which reading
    an answer does not need."""
    with on_case(store, request, Action.REVEAL, case_id) as asked:
        shown = _opened(asked)
        mark_read(asked.work, asked.actor.id, case=case_id)
        asked.disclose(_ANSWERED, RevealPurpose.ANSWER_REQUEST)
        return replace(shown, private=shown.private and shown.private.without_address())


def read_on(store: Store, request: Request, case_id: int) -> Shown | None:
    """Return the next page of a case that this person has just revealed, for the same purpose.

    None where they have not revealed it lately; the caller then asks for the purpose.
    """
    with on_case(store, request, Action.REVEAL, case_id) as asked:
        purpose = asked.work.connection.execute(
            sa.select(reveals.c.purpose)
            .where(
                reveals.c.case_id == case_id,
                reveals.c.staff_id == asked.actor.id,
                reveals.c.purpose.in_([str(each) for each in RevealPurpose]),
                reveals.c.at > asked.work.now - READS_FOR,
            )
            .order_by(reveals.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        if purpose is None:
            return None
        asked.disclose(_WHOLE, purpose, again=True)
        return _opened(asked)


def show_history(
    store: Store, request: Request, case_id: int
) -> tuple[str, tuple[EarlierCase, ...]]:
    """Return earlier cases of the same student, by reference. The access is audited (§17)."""
    with on_case(store, request, Action.REVEAL, case_id) as asked:
        if has_died(asked.work.connection, asked.case.student):
            raise stopped(asked.case.reference)
        asked.disclose((Shows.EARLIER_CASES,), Implied.HISTORY, action="history")
        return asked.case.reference, earlier_cases(asked.work.connection, asked.case, asked.actor)


def _opened(asked: CaseRequest) -> Shown:
    return Shown(_viewed(asked), private_view(asked.work.connection, asked.case.id), True)


def _viewed(asked: CaseRequest) -> CaseView:
    connection, day = asked.work.connection, institution_day(asked.work.now)
    return case_view(connection, asked.case.id, day, reader=asked.actor)


def _shows_names(asked: CaseRequest) -> bool:
    day = institution_day(asked.work.now)
    published = policy_in_force(asked.work.connection, asked.case.school, day)
    return published is not None and published.policy.show_names
