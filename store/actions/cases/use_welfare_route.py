"""Use and review the welfare route: it skips the wait, and a lead reviews each use (§13)."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.cases.reopen import newer_case, reopen
from store.actions.notices.notify import Notice, notify_people
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, change_case, on_case
from store.db.database import Connection
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.queries.cases.deciders import ToReview, deciders, to_review
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import NoticeKind
from store.tables import emergencies


def use_welfare_route(store: Store, request: Request, case_id: int, why: str) -> str:
    """Allow an email about welfare without the wait, and tell the leads at once.

    A closed case is reopened by it. Returns the reference of the case.

    Raises:
        NotPossibleNow: the student has another open case, which is named.
    """
    with on_case(store, request, Action.EMERGENCY, case_id) as asked:
        work, case = asked.work, asked.case
        tidy = reason_on(asked, why, field="why", asks="Say why this cannot wait")
        able = deciders(work.connection, case, [asked.actor.id])
        _move(asked)
        made = work.connection.execute(
            sa.insert(emergencies)
            .values(
                case_id=case_id,
                used_by=asked.actor.id,
                why=close_note(work.connection, case.student, tidy),
                at=work.now,
                review="",
            )
            .returning(emergencies.c.id)
        ).scalar_one()
        kind = NoticeKind.REVIEW if able.deputies else NoticeKind.EMERGENCY
        told = Notice(kind, case.school, str(made), case=case_id, about=made)
        notify_people(work, sorted(able.ids), told)
        asked.record("welfare", emergency=made)
        return case.reference


def check_welfare_route(connection: Connection, case: Case) -> None:
    """Check that a welfare concern can be raised on this case.

    Raises:
        NotPossibleNow: it was merged, or is closed and the student has another open case.
    """
    if not case.is_closed:
        lifecycle.after(case, Move.WELFARE)
    elif (newer := newer_case(connection, case)) is not None:
        raise NotPossibleNow(
            f"{case.reference} is closed, and {newer.reference} is the student's open case. Raise "
            f"it there: /lantern welfare {newer.reference}, and why it cannot wait."
        )


def _move(asked: CaseRequest) -> None:
    check_welfare_route(asked.work.connection, asked.case)
    if asked.case.is_closed:
        reopen(asked)
    else:
        asked.move(Move.WELFARE)


def open_to_review(store: Store, request: Request, case_id: int) -> ToReview:
    """Return the oldest use that this person may review, with the reason for it."""
    with on_case(store, request, Action.REVIEW, case_id) as asked:
        used = _theirs(asked)
        asked.disclose((Shows.NOTES,), Implied.REVIEWING)
        return used


def review_welfare_route(store: Store, request: Request, case_id: int, text: str) -> str:
    """Record a review of the oldest use that is waiting. A person cannot review their own.

    Returns the reference of the case.
    """
    with on_case(store, request, Action.REVIEW, case_id) as asked:
        work, used = asked.work, _theirs(asked)
        tidy = reason_on(asked, text, field="review", asks="Say what you think of it")
        work.connection.execute(
            sa.update(emergencies)
            .where(emergencies.c.id == used.id)
            .values(
                reviewed_by=asked.actor.id,
                review=close_note(work.connection, asked.case.student, tidy),
                reviewed_at=work.now,
            )
        )
        change_case(work, asked.case)
        asked.record("review", emergency=used.id)
        return asked.case.reference


def _theirs(asked: CaseRequest) -> ToReview:
    waiting = to_review(asked.work.connection, asked.case)
    if not waiting:
        raise NotPossibleNow(f"{asked.case.reference} has no welfare route to review.")
    for each in waiting:
        if asked.actor.id in each.able.ids:
            return each
    raise NotAllowed(_not_theirs(waiting[0]))


def _not_theirs(waiting: ToReview) -> str:
    """Return why this person cannot review the use, and who can."""
    who = waiting.able.names
    if not who:
        return (
            "You cannot review your own use of the welfare route, and no one else can yet. Ask to "
            "have another engagement lead, or a lead of the faculty, enrolled."
        )
    return f"You used the welfare route yourself, so {who} reviews it."
