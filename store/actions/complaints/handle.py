"""Record and resolve a complaint about how a case was handled (paragraph 27).

A complaint pauses contact about engagement and freezes the evidence. The case goes to a colleague
who is not its subject. Contact about the student's welfare stays possible.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from store.actions.complaints.freeze_case import freeze_case
from store.actions.notices.notify import Notice, notify_each, notify_person
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, change_case, on_case
from store.db import repository
from store.db.student_keys import close_note, close_words
from store.db.unit_of_work import Store
from store.policies.versions import policy_in_force
from store.queries.cases.deciders import deciders
from store.queries.cases.owner_suggestions import handlers
from store.queries.deaths import has_died
from store.rules.access.deputies import Deciders
from store.rules.access.permissions import Action
from store.rules.calendar import Calendar, institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Actor, Case
from store.rules.cases.lifecycle import TRANSITIONS, Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import CaseStatus, NoticeKind, Purpose
from store.rules.policies.policy import Duty
from store.tables import CASE_IS_OPEN, cases, complaints, outreach

REASON = "A complaint is being looked at"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as a colleague records it. ``about`` is a colleague's id; None: the complaint is
    about no person in particular.

    ``handler`` None: the suggested handler, which is the engagement lead where possible.
    """

    summary: str
    about: int | None = None
    handler: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The result: the deadline of the informal step, who handles it (None: no one can yet), who
    resolves it, and whether the student has died.
    """

    informal_by: dt.date
    handler: str | None
    able: Deciders
    has_died: bool


def record_complaint(
    store: Store, request: Request, case_id: int, complaint: Complaint
) -> Recorded:
    """Record a complaint. Its subject cannot act on the case until it is resolved."""
    with on_case(store, request, Action.COMPLAIN, case_id) as asked:
        work, case = asked.work, asked.case
        summary = reason_on(
            asked,
            complaint.summary,
            field="summary",
            asks="Say what the complaint is about",
            keeps_lines=True,
        )
        if case.status is CaseStatus.MERGED:
            lifecycle.after(case, Move.PAUSE)
        if complaint.about is not None:
            repository.actor(work.connection, complaint.about)
        day = institution_day(work.now)
        person = _handler(asked, complaint, day)
        handler = None if person is None else person.id
        informal_by = _informal_by(asked, day)
        able = deciders(work.connection, case, [] if complaint.about is None else [complaint.about])
        died = has_died(work.connection, case.student)
        # Freeze first: the evidence has to show the case as it was.
        text, digest = freeze_case(work.connection, case.id, work.now)
        number = work.connection.execute(
            sa.insert(complaints)
            .values(
                case_id=case.id,
                recorded_by=asked.actor.id,
                about_id=complaint.about,
                handler_id=handler,
                summary=close_note(work.connection, case.student, summary),
                informal_by=informal_by,
                evidence=close_words(work.connection, case.student, text),
                evidence_hash=digest,
                at=work.now,
            )
            .returning(complaints.c.id)
        ).scalar_one()
        cancelled = _stop_mails(asked, complaint.about)
        _rest(asked, complaint.about, handler)
        _tell(asked, number, handler, able)
        asked.record(
            "complaint",
            complaint=number,
            about=complaint.about,
            handler=handler,
            sha256=digest,
            mails_cancelled=cancelled,
        )
        return Recorded(informal_by, person.name if person else None, able, died)


def resolve_complaint(store: Store, request: Request, case_id: int, resolution: str) -> int:
    """Record how the lead resolved the informal step, and resume the case where it was paused.

    It ends every open complaint about the case; returns how many those were.

    Raises ``NotPossibleNow`` where no complaint is open, or it is about another case.
    """
    with on_case(store, request, Action.RESOLVE, case_id) as asked:
        work, case = asked.work, asked.case
        if case.complaint_on:
            raise NotPossibleNow(
                f"The complaint is about {case.complaint_on}. Resolve it there: /lantern complaint "
                f"{case.complaint_on} resolve, and how it was resolved."
            )
        if not case.complaint:
            raise NotPossibleNow(
                f"No complaint about {case.reference} is open, so there is nothing to resolve."
            )
        said = reason_on(
            asked,
            resolution,
            field="resolution",
            asks="Say how it was resolved",
            keeps_lines=True,
        )
        ended = work.connection.execute(
            sa.update(complaints)
            .where(complaints.c.case_id == case.id, complaints.c.resolved_at.is_(None))
            .values(
                resolved_by=asked.actor.id,
                resolution=close_note(work.connection, case.student, said),
                resolved_at=work.now,
            )
            .returning(complaints.c.id)
        ).scalars()
        numbers = sorted(ended)
        if case.status is CaseStatus.PAUSED:
            asked.move(Move.RESUME, rested_from=None, paused_until=None, pause_reason="")
        else:
            change_case(work, case)
        for later in _later_cases(asked):
            change_case(work, later)
        if case.owner is not None:
            key = f"complaint:{numbers[-1]}"
            told = Notice(NoticeKind.RESUMED, case.school, key, case=case.id)
            notify_person(work, case.owner, told, by=asked.actor.id)
        asked.record("resolve-complaint", complaints=len(numbers), newest=numbers[-1])
        return len(numbers)


def _handler(asked: CaseRequest, complaint: Complaint, day: dt.date) -> Actor | None:
    able = handlers(asked.work.connection, asked.case, complaint.about, day)
    if complaint.handler is None:
        return able[0] if able else None
    for person in able:
        if person.id == complaint.handler:
            return person
    raise InvalidInput(
        "A complaint is handled by a lead or caseworker of the home school who is not "
        "its subject. Choose another colleague.",
        field="handler",
    )


def _informal_by(asked: CaseRequest, day: dt.date) -> dt.date:
    published = policy_in_force(asked.work.connection, asked.case.school, day)
    duty = published.policy.duty if published else Duty()
    calendar = published.policy.calendar if published else Calendar()
    return calendar.add_school_days(day, duty.complaint_days)


def _stop_mails(asked: CaseRequest, about: int | None) -> int:
    """Cancel unsent emails about engagement, and all that the subject of the complaint approved, on
    this case and on later cases of the student.
    """
    which = sa.or_(
        outreach.c.purpose != Purpose.WELFARE,
        outreach.c.approver_id == (-1 if about is None else about),
    )
    barred = () if about is None else (about,)
    stop = partial(cancel_unsent, why="a complaint is open", by=asked.actor.id, not_told=barred)
    stopped = stop(asked.work, asked.case.id, which)
    for later in _later_cases(asked):
        stopped += stop(asked.work, later.id, which)
        # The subject of the complaint does not stay the owner either.
        owner = None if later.owner == about else later.owner
        change_case(asked.work, later, owner_id=owner)
    return len(stopped)


def _later_cases(asked: CaseRequest) -> list[Case]:
    """Return the student's open cases after this one, to which its complaint is carried."""
    query = sa.select(cases.c.id).where(
        cases.c.student_id == asked.case.student, cases.c.id > asked.case.id, CASE_IS_OPEN
    )
    found = asked.work.connection.execute(query.order_by(cases.c.id)).scalars().all()
    return [repository.case(asked.work.connection, each, lock=True) for each in found]


def _rest(asked: CaseRequest, about: int | None, handler: int | None) -> None:
    """Pause the case, if it is in a status that can be paused."""
    case = asked.case
    owner = handler if handler is not None else case.owner
    if owner == about:
        owner = None
    if (case.status, Move.PAUSE) not in TRANSITIONS:
        changes: dict[str, object] = {} if case.is_closed else {"owner_id": owner}
        change_case(asked.work, case, **changes)
        return
    rested = case.rested_from if case.status is CaseStatus.PAUSED else case.status
    asked.move(
        Move.PAUSE,
        owner_id=owner,
        rested_from=rested,
        # Until the complaint is resolved, so without a day.
        paused_until=None,
        pause_reason=REASON,
    )


def _tell(asked: CaseRequest, number: int, handler: int | None, able: Deciders) -> None:
    """Tell the handler and those who resolve it: the leads, or who covers for them."""
    told = dict.fromkeys(able.ids, NoticeKind.RESOLVE if able.deputies else NoticeKind.COMPLAINT)
    if handler is not None:
        told.setdefault(handler, NoticeKind.COMPLAINT)
    school, case = asked.case.school, asked.case.id
    notices = [
        (person, Notice(kind, school, str(number), case=case, about=number))
        for person, kind in sorted(told.items())
    ]
    notify_each(asked.work, notices, by=asked.actor.id)
