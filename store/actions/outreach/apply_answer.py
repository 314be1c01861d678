"""Apply a student's answer to their case, and tell its owner."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.notices.seen_after_fitness import seen_after_fitness
from store.actions.outreach.cancel_unsent import look_now
from store.actions.outreach.draft_follow_up import cancel_prepared
from store.actions.request import change_case, turned
from store.db import repository
from store.db.unit_of_work import UnitOfWork
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.model import CaseStatus, NoticeKind
from store.rules.notices.thread_notices import LineKind
from store.tables import CASE_IS_OPEN, cases

WORKER = "system:replies"


def student_answered(work: UnitOfWork, case: Case) -> dict[str, str]:
    """Apply an answer to the case; returns what the audit says of its status.

    A pause ends, and a closed case is reopened, unless the student has a newer one. An email
    approved before the answer is checked now, and is not sent. Where Fitness to Study is under
    way, the leads are told.
    """
    reopened = case.status is CaseStatus.CLOSED and _open_case(work, case.student) is None
    seen_after_fitness(work, case.student, f"answer-{case.id}-{case.version}")
    cancel_prepared(work, case.student)
    look_now(work, case.student)
    if case.is_closed and not reopened:
        change_case(work, case)
        _answer_open_case(work, case)
        return {}
    if reopened:
        again = lifecycle.after(case, Move.REOPEN)
        subject = f"case:{case.id}"
        work.record(WORKER, "reopen", subject, outcome=case.outcome, **turned(case, again))
        case = replace(case, status=again)
    status = lifecycle.after(case, Move.ANSWER)
    change_case(
        work,
        case,
        status=status,
        rested_from=None,
        paused_until=None,
        pause_reason="",
        snoozed_until=None,
        closed_at=None,
        outcome=None,
        outcome_note="",
        helped=[],
        usefulness=None,
    )
    return turned(case, status)


def _open_case(work: UnitOfWork, student: int) -> int | None:
    """Return the student's open case, which takes an answer to an earlier one."""
    return work.connection.execute(
        sa.select(cases.c.id).where(cases.c.student_id == student, CASE_IS_OPEN)
    ).scalar_one_or_none()


def _answer_open_case(work: UnitOfWork, earlier: Case) -> None:
    """Apply an answer to an earlier case to the student's open case too, and tell its owner."""
    found = _open_case(work, earlier.student)
    if found is None:
        return
    case = repository.case(work.connection, found, lock=True)
    status = lifecycle.after(case, Move.ANSWER)
    rests = dict.fromkeys(("rested_from", "paused_until", "snoozed_until"))
    change_case(work, case, status=status, pause_reason="", **rests)
    student = f"student:{case.student}"
    work.record(
        student, "answered", f"case:{case.id}", earlier_case=earlier.id, **turned(case, status)
    )
    if case.owner is not None:
        key = f"{earlier.id}:{earlier.version}"
        notify_person(work, case.owner, Notice(NoticeKind.ANSWERED, case.school, key, case=case.id))


def tell_of_reply(
    work: UnitOfWork, case: Case, line: LineKind, kind: NoticeKind, message: int
) -> None:
    """Tell the case's owner and its thread of this reply."""
    later = say_in_thread(work, case, line, str(message))
    if case.owner is not None:
        told = Notice(kind, case.school, str(message), case=case.id, not_before=later)
        notify_person(work, case.owner, told)


def tell_of_answer(work: UnitOfWork, case: Case, message: int) -> None:
    """Tell the case's owner and its thread that the student has answered."""
    tell_of_reply(work, case, LineKind.ANSWERED, NoticeKind.ANSWERED, message)
