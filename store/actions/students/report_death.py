"""Record a student's death: the first report stops everything, a second person confirms it.

The stop does not wait for the second person. If the report was wrong, they bring everything back;
the engagement lead or the data protection officer can do so at any later time.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from store.actions.cases.stop_for_death import show_everywhere, stop_for_death
from store.actions.notices.notify import Notice, notify_people
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, on_case
from store.actions.students.stopped_by_report import draft_back, flags_back
from store.db.unit_of_work import Store
from store.queries.deaths import death_of, has_died
from store.rules.access.death import Death, DeathDecision, check_second
from store.rules.access.permissions import Action
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.model import CaseStatus, ExemptionKind, NoticeKind, Outcome
from store.tables import cases, deaths, exemptions, flags, outreach


def report_death(store: Store, request: Request, case_id: int, known: str) -> None:
    """Stop everything about the student of a case, and ask a second colleague to confirm it.

    Raises ``NotPossibleNow`` where it is reported already.
    """
    with on_case(store, request, Action.DEATH, case_id) as asked:
        work, case = asked.work, asked.case
        words = reason_on(asked, known, field="known", asks="Say how this is known")
        if has_died(work.connection, case.student):
            raise NotPossibleNow(
                f"{case.reference}: this is recorded already, and all contact has stopped."
            )
        stopped = stop_for_death(work, case, asked.actor.id, words)
        asked.record("report-death", mails_cancelled=stopped)


def confirm_death(store: Store, request: Request, case_id: int, known: str) -> None:
    """Confirm the death, as another person than the one who reported it.

    ``known`` says in words how they know it.
    """
    with on_case(store, request, Action.CONFIRM_DEATH, case_id) as asked:
        check_second(_recorded(asked), asked.actor.id)
        words = reason_on(asked, known, field="why", asks="Say how you know")
        _decide(asked, DeathDecision.CONFIRMED, words)
        show_everywhere(asked.work, asked.case.student)
        asked.record("confirm-death")


def refuse_death(store: Store, request: Request, case_id: int, why: str) -> None:
    """Refuse a reported death, as another person than who reported it, and restore everything."""
    with on_case(store, request, Action.CONFIRM_DEATH, case_id) as asked:
        check_second(_recorded(asked), asked.actor.id)
        _bring_back(asked, DeathDecision.REFUSED, why)


def undo_death(store: Store, request: Request, case_id: int, why: str) -> None:
    """Undo a death later, as engagement lead or data protection officer, and restore everything."""
    with on_case(store, request, Action.UNDO_DEATH, case_id) as asked:
        _recorded(asked)
        _bring_back(asked, DeathDecision.UNDONE, why)


def _recorded(asked: CaseRequest) -> Death:
    death = death_of(asked.work.connection, asked.case.student)
    if death is None:
        raise NotPossibleNow(f"{asked.case.reference}: no death is recorded. Nothing was changed.")
    return death


def _decide(asked: CaseRequest, decision: DeathDecision, why: str) -> list[int]:
    """Record the decision on the newest report; returns the emails that the report stopped."""
    newest = (
        sa.select(sa.func.max(deaths.c.id)).where(deaths.c.student_id == asked.case.student)
    ).scalar_subquery()
    stopped: list[int] | None = asked.work.connection.execute(
        sa.update(deaths)
        .where(deaths.c.id == newest)
        .values(decision=decision, decided_by=asked.actor.id, why=why, decided_at=asked.work.now)
        .returning(deaths.c.stopped)
    ).scalar_one_or_none()
    return stopped or []


def _close_if_opened_for_it(asked: CaseRequest) -> None:
    """Close the case where a roster's report opened it, and nothing else has come to it."""
    work, case = asked.work, asked.case
    opened_for_it = sa.select(cases.c.id).where(
        cases.c.id == case.id,
        cases.c.status == CaseStatus.OPEN,
        sa.exists().where(deaths.c.case_id == case.id, deaths.c.at == cases.c.opened_at),
        ~sa.exists().where(flags.c.case_id == case.id),
    )
    if work.connection.execute(opened_for_it).first() is not None:
        asked.move(Move.CLOSE, closed_at=work.now, outcome=Outcome.DATA_ERROR)


def _wrote_or_approved(asked: CaseRequest, stopped: Collection[int]) -> set[int | None]:
    """Return who heard that these emails were stopped, as far as they are of this case."""
    rows = asked.work.connection.execute(
        sa.select(outreach.c.drafter_id, outreach.c.approver_id).where(
            outreach.c.id.in_(stopped), outreach.c.case_id == asked.case.id
        )
    )
    return {person for row in rows for person in row}


def _bring_back(asked: CaseRequest, decision: DeathDecision, why: str) -> None:
    """Restore everything as it was; approved emails are read and approved once more."""
    work, case = asked.work, asked.case
    reason = reason_on(asked, why, field="why", asks="Say how you know")
    stopped = _decide(asked, decision, reason)
    work.connection.execute(
        sa.update(exemptions)
        .where(
            exemptions.c.student_id == case.student,
            exemptions.c.kind == ExemptionKind.DECEASED,
            exemptions.c.ended_at.is_(None),
        )
        .values(ended_at=work.now)
    )
    drafts = sum(draft_back(asked, mail) for mail in stopped)
    flags_back(asked)
    _close_if_opened_for_it(asked)
    show_everywhere(work, case.student)
    reporter = work.connection.execute(
        sa.select(deaths.c.reported_by)
        .where(deaths.c.student_id == case.student)
        .order_by(deaths.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    told = Notice(
        NoticeKind.DEATH_TAKEN_BACK, case.school, f"{case.id}:{case.version}", case=case.id
    )
    people = {reporter, case.owner, *_wrote_or_approved(asked, stopped)} - case.barred
    notify_people(work, sorted(filter(None, people)), told, by=asked.actor.id)
    asked.record("take-back-death", decision=decision, drafts=drafts)
