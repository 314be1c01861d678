"""Pause, resume and snooze a case."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, change_case, on_case, turned
from store.actions.think_again import ask_once
from store.db import repository
from store.db.unit_of_work import Store
from store.queries.schools.cover import covered_by
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import CaseStatus, NoticeKind
from store.rules.text.formatting import counted, on_day
from store.rules.text.limits import LONGEST_ON_A_CARD
from store.tables import cases

WORKER = "system:calendar"
LONGEST_DAYS = 366
LONGEST_SNOOZE_DAYS = 42


def pause_case(store: Store, request: Request, case_id: int, until: dt.date, why: str) -> None:
    """Pause a case. Emails about engagement stop meanwhile, and approved ones are cancelled."""
    with on_case(store, request, Action.PAUSE, case_id) as asked:
        tidy = reason_on(asked, why, field="why", longest=LONGEST_ON_A_CARD)
        _check_day(until, institution_day(asked.work.now))
        before = asked.case.rested_from if asked.case.status is CaseStatus.PAUSED else None
        asked.move(
            Move.PAUSE,
            rested_from=before or asked.case.status,
            paused_until=until,
            pause_reason=tidy,
        )
        cancelled = cancel_unsent(asked.work, case_id, why="the case was paused", by=asked.actor.id)
        asked.record("pause", until=until.isoformat(), mails_cancelled=len(cancelled))


def resume_case(store: Store, request: Request, case_id: int) -> None:
    """Resume a case with the status it had before the pause.

    Raises ``NotPossibleNow`` where an open complaint pauses it.
    """
    with on_case(store, request, Action.RESUME, case_id) as asked:
        if asked.case.has_own_complaint:
            raise NotPossibleNow(
                f"{asked.case.reference} is paused because of a complaint. It resumes once the "
                "engagement lead has resolved it: /lantern complaint with the word resolve."
            )
        asked.move(Move.RESUME, rested_from=None, paused_until=None, pause_reason="")
        asked.record("resume")


def cases_to_resume(store: Store, day: dt.date) -> list[int]:
    """Return the ids of the cases whose pause has ended by this day."""
    with store.database.read() as connection:
        return list(
            connection.execute(
                sa.select(cases.c.id)
                .where(cases.c.status == CaseStatus.PAUSED, cases.c.paused_until <= day)
                .order_by(cases.c.id)
            ).scalars()
        )


def resume_one(store: Store, case_id: int, day: dt.date) -> bool:
    """End the pause of one case if it is due; returns whether it did."""
    with store.unit_of_work() as work:
        case = repository.case(work.connection, case_id, lock=True)
        # A colleague may have resumed or prolonged it since; a complaint is a lead's to resolve.
        over = case.paused_until is not None and case.paused_until <= day
        if case.status is not CaseStatus.PAUSED or not over or case.has_own_complaint:
            return False
        status = lifecycle.after(case, Move.RESUME)
        change_case(work, case, status=status, rested_from=None, paused_until=None, pause_reason="")
        work.record(WORKER, "resume", f"case:{case.id}", **turned(case, status))
        if case.owner is not None:
            key = f"{case.id}:{day}"
            notify_person(
                work, case.owner, Notice(NoticeKind.RESUMED, case.school, key, case=case.id)
            )
    return True


def snooze_case(
    store: Store, request: Request, case_id: int, until: dt.date | None, *, asks: bool = False
) -> None:
    """Stop reminders about a case until a day; None: start them again.

    With ``asks``, snoozing a colleague's case raises ``ThinkAgain`` once, so that the person can
    confirm it. Raises ``InvalidInput`` where the snooze is too long.
    """
    with on_case(store, request, Action.SNOOZE, case_id) as asked:
        if until is not None:
            today = institution_day(asked.work.now)
            _check_day(until, today)
            _check_snooze(asked.case, until, today)
            if asks:
                _ask_for_the_owner(asked, until, today)
        asked.move(Move.WORK, snoozed_until=until)
        asked.record("snooze", until=until.isoformat() if until else None)


def _check_snooze(case: Case, until: dt.date, today: dt.date) -> None:
    """Refuse a long silence without a reason: that is a pause, whose reason is on the card."""
    if (until - today).days > LONGEST_SNOOZE_DAYS:
        weeks = counted(LONGEST_SNOOZE_DAYS // 7, "week")
        raise InvalidInput(
            f"A snooze lasts {weeks} at most. For longer, pause the case with a reason: "
            f"/lantern pause {case.reference}, a day, and why.",
            field="until",
        )


def _ask_for_the_owner(asked: CaseRequest, until: dt.date, today: dt.date) -> None:
    """Ask once whether to stop the reminders of a colleague, unless for a lead or their cover."""
    case, person, connection = asked.case, asked.actor, asked.work.connection
    if case.owner in (None, person.id) or may(person, Action.LEAD, case.school):
        return
    if case.owner in covered_by(connection, case.school, person.id, today):
        return
    owner = repository.actor(connection, case.owner).name
    ask_once(
        asked,
        until.isoformat(),
        "until",
        f"{owner} owns {case.reference} and gets no reminders of it until {on_day(until)}. "
        "Snooze it anyway? Send it again.",
    )


def _check_day(until: dt.date, today: dt.date) -> None:
    if until <= today:
        raise InvalidInput(
            f"{on_day(until)} is not after today. Choose a later day.", field="until"
        )
    if (until - today).days > LONGEST_DAYS:
        raise InvalidInput("That is more than a year away. Choose an earlier day.", field="until")
