"""Alert the home school from a contributing school, and acknowledge alerts (paragraph 24)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.actions.cases.open_cases import one_at_a_time, open_cases_by_student, open_new
from store.actions.kept_words import think_twice
from store.actions.notices.notify import Notice, notify_people, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.notices.read_now import who_reads_now
from store.actions.request import (
    CaseRequest,
    Request,
    on_case,
    once,
    record_refusal,
    remembers_question,
)
from store.db import repository
from store.db.student_keys import close_note
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.cases.contributing import contributing_to
from store.queries.schools.responsible import responsible
from store.queries.students.enrolments import contributing
from store.queries.students.exemptions import exemption_on
from store.rules.access.permissions import Action, authorise_contributing, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor, Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import CaseStatus, ExemptionKind, NoticeKind
from store.rules.notices.thread_notices import LineKind
from store.rules.students.urgent_words import may_speak_of_danger
from store.rules.text.reasons import check_reason
from store.tables import alerts, schools, students

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Alerted:
    """The home school's open case after the alert, and that school's name."""

    reference: str
    home_name: str


def may_alert_case(store: Store, actor: int, case_id: int) -> str:
    """Return the case's reference, before a form is shown, if this person may alert about it."""
    with _audited(store, actor, f"case:{case_id}"), store.database.read() as connection:
        day = institution_day(store.now())
        case = repository.case(connection, case_id)
        asks = repository.actor(connection, actor)
        authorise_contributing(asks, case, contributing_to(connection, case, day))
        return case.reference


def student_to_alert_about(store: Store, actor: int, number: str) -> int:
    """Find the student of this number, before a form is shown, if this person may alert."""
    with _audited(store, actor, "student"), store.database.read() as connection:
        student = connection.execute(
            sa.select(students.c.id).where(students.c.number == number.strip())
        ).scalar_one_or_none()
        day = institution_day(store.now())
        teaching = frozenset[int]() if student is None else contributing(connection, student, day)
        _school_of(repository.actor(connection, actor), teaching)
        if student is None:
            raise _not_taught_here()
        return int(student)


def alert_home_school(store: Store, request: Request, case_id: int, why: str) -> Alerted:
    """Alert the home school about the student of a case that concerns the actor's school too."""
    with _audited(store, request.actor, f"case:{case_id}"), store.unit_of_work() as work:
        once(work, request.key)
        day = institution_day(work.now)
        actor = repository.actor(work.connection, request.actor)
        case = repository.case(work.connection, case_id)
        school = authorise_contributing(actor, case, contributing_to(work.connection, case, day))
        return _alert(work, actor, school, case.student, why)


def alert_home_school_about(store: Store, request: Request, student: int, why: str) -> Alerted:
    """Alert the home school about a student of the actor's modules, with or without a case.

    Only a person who may look up students in their school can do this, and only for students who
    are taught there. Any other number is answered as if it did not exist.
    """
    with _audited(store, request.actor, "student"), store.unit_of_work() as work:
        once(work, request.key)
        known = work.connection.execute(
            sa.select(students.c.id).where(students.c.id == student)
        ).first()
        if known is None:
            raise _not_taught_here()
        actor = repository.actor(work.connection, request.actor)
        day = institution_day(work.now)
        school = _school_of(actor, contributing(work.connection, student, day))
        return _alert(work, actor, school, student, why)


def acknowledge_alert(store: Store, request: Request, case_id: int) -> None:
    """Acknowledge the alerts on a case, and its handover if it came from another school.

    Raises ``NotPossibleNow`` where no alert waits.
    """
    with on_case(store, request, Action.ACKNOWLEDGE, case_id) as asked:
        case = asked.case
        waiting = _acknowledge_alerts(asked)
        handed_over = case.status is CaseStatus.HANDED_OVER
        if not waiting and not handed_over:
            raise NotPossibleNow(
                f"There is nothing to acknowledge on {case.reference}: no school has alerted "
                "yours since the last time."
            )
        asked.move(Move.ACKNOWLEDGE if handed_over else Move.WORK)
        for alert in waiting:
            told = Notice(
                NoticeKind.ACKNOWLEDGED,
                alert.from_school_id,
                str(alert.id),
                case=case.id,
                about=alert.id,
            )
            notify_person(asked.work, alert.alerted_by, told, by=asked.actor.id)
        asked.record("acknowledge", alerts=len(waiting), handed_over=handed_over)


def _acknowledge_alerts(asked: CaseRequest) -> list[sa.Row[tuple[int, int, int]]]:
    return list(
        asked.work.connection.execute(
            sa.update(alerts)
            .where(alerts.c.case_id == asked.case.id, alerts.c.acknowledged_at.is_(None))
            .values(acknowledged_by=asked.actor.id, acknowledged_at=asked.work.now)
            .returning(alerts.c.id, alerts.c.from_school_id, alerts.c.alerted_by)
        )
    )


def _alert(work: UnitOfWork, actor: Actor, school: int, student: int, why: str) -> Alerted:
    reason = _checked(why)
    case = _case_for(work, actor, student)
    authorise_contributing(actor, case, [school])
    is_urgent = may_speak_of_danger(reason)
    if not is_urgent and _waits(work, case, school):
        raise NotPossibleNow(
            f"Your school has alerted the home school about {case.reference} already. It has not "
            "acknowledged it yet; its engagement lead has been told."
        )
    alert = work.connection.execute(
        sa.insert(alerts)
        .values(
            case_id=case.id,
            from_school_id=school,
            to_school_id=case.school,
            alerted_by=actor.id,
            why=close_note(work.connection, case.student, reason),
            at=work.now,
        )
        .returning(alerts.c.id)
    ).scalar_one()
    asked = CaseRequest(work, actor, case)
    think_twice(asked, reason, "why")
    asked.move(Move.WORK)
    told = {*responsible(work.connection, case.school, case.barred)}
    told |= {case.owner} if case.owner is not None else set()
    later = say_in_thread(work, case, LineKind.ALERT, str(alert), by=actor.id, about=alert)
    notice = Notice(NoticeKind.ALERT, case.school, str(alert), case.id, alert, not_before=later)
    if is_urgent:
        # A contributing school has no other way: the welfare route is the home school's.
        told |= {*who_reads_now(work, student, case.school, case)}
        notice = replace(notice, kind=NoticeKind.ALERT_NOW, not_before=None)
    notify_people(work, sorted(told - case.barred), notice, by=actor.id)
    asked.record("alert-home", alert=alert, from_school=school)
    name = work.connection.execute(
        sa.select(schools.c.name).where(schools.c.id == case.school)
    ).scalar_one()
    return Alerted(case.reference, name)


def _checked(why: str) -> str:
    return check_reason(why, field="why", asks="Say what you have noticed", longest=LONGEST)


def _case_for(work: UnitOfWork, actor: Actor, student: int) -> Case:
    """Return the home school's open case of the student, locked; open one where there is none."""
    day = institution_day(work.now)
    if exemption_on(work.connection, student, day) is ExemptionKind.DECEASED:
        raise NotPossibleNow(
            "The home school knows about this student's situation. You do not need to do anything."
        )
    found = open_cases_by_student(work.connection, [student])
    if not found:
        one_at_a_time(work)
        found = open_cases_by_student(work.connection, [student])
    if not found:
        found = open_new(work, [student], {}, day, by=f"staff:{actor.id}")
    return repository.case(work.connection, found[student], lock=True)


def _waits(work: UnitOfWork, case: Case, school: int) -> bool:
    query = sa.select(alerts.c.id).where(
        alerts.c.case_id == case.id,
        alerts.c.from_school_id == school,
        alerts.c.acknowledged_at.is_(None),
    )
    return work.connection.execute(query).first() is not None


def _school_of(actor: Actor, teaching: frozenset[int]) -> int:
    """Return the actor's school that teaches the student and where they may look up students."""
    if not actor.active or not any(may(actor, Action.FIND, school) for school in actor.roles):
        raise NotAllowed(
            "To send an alert by student number, you need to be a student support officer, an "
            "adviser or the engagement lead. Anyone in your school can send one by case "
            "reference."
        )
    for school in sorted(teaching):
        if may(actor, Action.FIND, school):
            return school
    raise _not_taught_here()


def _not_taught_here() -> NotAllowed:
    return NotAllowed(
        "No student with that number is from another school and takes one of your modules. For "
        "students of your own school, use /lantern find."
    )


@contextmanager
def _audited(store: Store, actor: int, subject: str) -> Iterator[None]:
    """Audit a refusal in a transaction of its own, since the request's is rolled back."""
    try:
        with remembers_question(store):
            yield
    except NotAllowed:
        record_refusal(store, actor, Action.ALERT_HOME, subject)
        raise
