"""Close a case with an outcome and the name of the person who closed it.

A student's report of a mistake stays open after that: it still needs an answer, and the lead is
told that the case was closed meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.notices.notify import Notice, notify_people
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.request import CaseRequest, Request, on_case
from store.actions.think_again import ask_once
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.queries.cases.entries import Entries, entries_of
from store.queries.readiness.answer_read import is_answer_unread
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.model import (
    AttemptResult,
    CaseStatus,
    Help,
    InterventionKind,
    NoticeKind,
    Outcome,
    Usefulness,
)
from store.rules.text.formatting import counted, on_day
from store.rules.text.limits import within
from store.tables import FLAG_IS_ACTIVE, flags, notices


def close_case(
    store: Store,
    request: Request,
    case_id: int,
    outcome: Outcome,
    note: str = "",
    *,
    helped: Help | None = None,
    usefulness: Usefulness | None = None,
    asks: bool = False,
) -> int:
    """Close a case and cancel its unsent emails. Refused while a complaint about it is open.

    ``helped`` is what helped, and ``usefulness`` says whether the flags were useful: the report on
    the rules is made from these. ``asks``: a person is there to be asked once whether the outcome
    is right, where the record says otherwise; raises ``ThinkAgain`` then.

    Returns how many of the student's reports of a mistake still need an answer.
    """
    with on_case(store, request, Action.CLOSE, case_id) as asked:
        work, was = asked.work, asked.case
        check_no_complaint(was)
        think_twice(asked, note, "note")
        if asks and (doubts := _says_otherwise(asked, outcome)):
            ask_once(asked, f"{outcome} {doubts}", "outcome", doubts)
        waiting = [each.id for each in entries_of(work.connection, case_id)["said"] if each.holds]
        asked.move(
            Move.CLOSE,
            closed_at=work.now,
            outcome=outcome,
            outcome_note=close_note(
                work.connection,
                asked.case.student,
                within(" ".join(note.split()), field="note"),
            ),
            helped=[helped] if helped else [],
            usefulness=usefulness,
            # An answer that was not acted on is one again when the case is reopened.
            rested_from=CaseStatus.RESPONDED
            if CaseStatus.RESPONDED in (was.status, was.rested_from)
            else None,
            paused_until=None,
            pause_reason="",
            snoozed_until=None,
        )
        cancel_unsent(work, case_id, why="the case was closed", by=asked.actor.id)
        _tell_of_unanswered(asked, waiting)
        owed = {"unanswered": len(waiting)} if waiting else {}
        asked.record("close", outcome=outcome, usefulness=usefulness, **owed)
        return len(waiting)


def check_no_complaint(case: Case) -> None:
    """Check that no complaint about this case is open: it is resolved before the case is closed.

    Raises:
        NotPossibleNow: one is open; says how to resolve it (§27).
    """
    if case.has_own_complaint and not case.is_closed:
        raise NotPossibleNow(
            f"A complaint about {case.reference} is open, so the case cannot be closed. Resolve "
            f"the complaint first: /lantern complaint {case.reference} resolve, and how it was "
            "resolved."
        )


_SAYS_SEEN = frozenset({Outcome.RE_ENGAGED, Outcome.MEETING_HELD})
"""Outcomes that say that the student was seen."""
_SEEN_BY_ATTEMPT = frozenset({AttemptResult.REACHED, AttemptResult.TRACES_SEEN})


def _says_otherwise(asked: CaseRequest, outcome: Outcome) -> str:
    """Ask about an outcome of which the record knows nothing; '' where the two agree."""
    connection, case = asked.work.connection, asked.case
    entries = entries_of(connection, case.id)
    said: list[str] = []
    seen = (
        entries["answers"]
        or entries["referrals"]
        or entries["said"]
        or any(each.what != InterventionKind.NOTE for each in entries["interventions"])
        or any(each.result in _SEEN_BY_ATTEMPT for each in entries["attempts"])
    )
    active = connection.execute(
        sa.select(sa.func.count())
        .select_from(flags)
        .where(flags.c.case_id == case.id, FLAG_IS_ACTIVE)
    ).scalar_one()
    if outcome in _SAYS_SEEN and active and not seen:
        are = "is" if active == 1 else "are"
        said.append(
            f"{counted(active, 'reason')} {are} still active, and by the case no one has seen the "
            "student or heard from them."
        )
    if is_answer_unread(connection, case):
        said.append("The student has answered, and no one has read it yet.")
    if unchecked := len(entries["doubts"]):
        are = "is" if unchecked == 1 else "are"
        said.append(f"{counted(unchecked, 'reply', 'replies')} {are} not checked yet.")
    if wrote_on := _urgent_and_nothing_since(connection, case.id, entries):
        said.append(
            f"What the student wrote on {on_day(wrote_on)} may speak of danger, and the "
            "case records nothing done since."
        )
    if not said:
        return ""
    return f"{' '.join(said)} Close it as {outcome.label} anyway? Send it again to close it."


_STEPS = ("interventions", "attempts", "referrals", "emergencies")


def _urgent_and_nothing_since(
    connection: sa.Connection, case: int, entries: Entries
) -> dt.date | None:
    """Return the day of the last message that people were asked to read at once, if no colleague
    has recorded a step on the case since, nor has an email left."""
    asked_at = connection.execute(
        sa.select(sa.func.max(notices.c.at)).where(
            notices.c.case_id == case, notices.c.kind == NoticeKind.READ_NOW
        )
    ).scalar_one()
    if asked_at is None:
        return None
    steps = [each.at for part in _STEPS for each in entries[part]]
    emails = [each.sent_at for each in entries["mails"] if each.sent_at]
    was_met = any(at >= asked_at for at in steps) or any(at > asked_at for at in emails)
    return None if was_met else institution_day(asked_at)


def _tell_of_unanswered(asked: CaseRequest, waiting: Sequence[int]) -> None:
    """Tell the leads of the student's reports of a mistake without an answer."""
    work, case = asked.work, asked.case
    if waiting:
        told = Notice(NoticeKind.UNANSWERED, case.school, str(waiting[-1]), case.id, waiting[-1])
        people = responsible(work.connection, case.school, case.barred)
        notify_people(work, people, told, by=asked.actor.id)
