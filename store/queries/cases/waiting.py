"""Find which cases of a school need action, since when, and by which colleague."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from store.db import repository
from store.queries.cases.deciders import deciders, to_review
from store.queries.cases.ended_reasons import EndedReasons, cases_to_close
from store.queries.contacts import signs
from store.queries.deaths import lives
from store.queries.students.exemptions import exempt_on
from store.queries.students.messages import WAITS
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus, OutreachStatus
from store.rules.notices.reminders import Waiting, WaitingFor
from store.rules.students.contacts import COUNTS, ContactQuestion
from store.tables import (
    CASE_IS_OPEN,
    alerts,
    asks,
    cases,
    complaints,
    emergencies,
    outreach,
    sayings,
    staff,
)


def waiting_in(
    connection: sa.Connection, school: int, calendar: Calendar, today: dt.date
) -> list[Waiting]:
    """Return everything that needs action on the school's cases.

    A case that is paused, snoozed, closed or of an exempt student needs none, with three
    exceptions: a review of the welfare route, the informal step of a complaint, and a student's
    report of a mistake. A case of a student who has died never needs action.
    """
    here = (cases.c.school_id == school, lives(cases.c.student_id))
    not_snoozed = cases.c.snoozed_until.is_(None) | (cases.c.snoozed_until <= today)
    exempt = exempt_on(connection, school, today)
    awake = (
        *here,
        CASE_IS_OPEN,
        not_snoozed,
        cases.c.status != CaseStatus.PAUSED,
        cases.c.student_id.not_in(exempt),
    )
    over = cases_to_close(connection, awake)
    return [
        *_over(connection, over),
        *(each for each in _for_contact(connection, awake, calendar) if each.case not in over),
        *_answered(connection, awake, calendar),
        *_handed_over(connection, awake, calendar),
        *_unreviewed(connection, here, calendar),
        *_complained(connection, here, today),
        *_questioned(connection, here, calendar),
    ]


Conditions = tuple[sa.ColumnElement[bool], ...]


def _over(connection: sa.Connection, over: Mapping[int, EndedReasons]) -> Iterator[Waiting]:
    """Return each case of which every reason is over, for its owner to close."""
    query = sa.select(cases.c.id, cases.c.opened_on, cases.c.owner_id).where(cases.c.id.in_(over))
    for case, opened, owner in connection.execute(query):
        yield Waiting(case, WaitingFor.CLOSING, over[case].since or opened, _one(owner))


def _for_contact(
    connection: sa.Connection, which: Conditions, calendar: Calendar
) -> Iterator[Waiting]:
    """Return what leads to contact with the student, so that a case without a reason needs it
    no more."""
    yield from _unseen(connection, which)
    yield from _drafted(connection, which, calendar)
    yield from _asked(connection, which, calendar)


def _unseen(connection: sa.Connection, which: Conditions) -> Iterator[Waiting]:
    query = sa.select(cases.c.id, cases.c.opened_on, cases.c.owner_id).where(
        *which, cases.c.status == CaseStatus.OPEN
    )
    for case, opened, owner in connection.execute(query):
        yield Waiting(case, WaitingFor.VIEW, opened, _one(owner))


def _answered(
    connection: sa.Connection, which: Conditions, calendar: Calendar
) -> Iterator[Waiting]:
    """Return since when an answer waits, unless a colleague has met the student since."""
    asks_for_it = COUNTS[ContactQuestion.REACTION]
    found = signs(asks_for_it | COUNTS[ContactQuestion.MET])
    query = (
        sa.select(cases.c.id, cases.c.owner_id, found.c.at, found.c.kind)
        .join(found, found.c.student_id == cases.c.student_id)
        .where(*which, cases.c.status == CaseStatus.RESPONDED, found.c.at >= cases.c.opened_at)
        .order_by(cases.c.id, found.c.at)
    )
    # The newest of each case comes last.
    newest = {row.id: row for row in connection.execute(query)}
    for case, row in newest.items():
        if row.kind in asks_for_it:
            day = calendar.local(row.at).date()
            yield Waiting(case, WaitingFor.REACTION, day, _one(row.owner_id))


def _drafted(connection: sa.Connection, which: Conditions, calendar: Calendar) -> Iterator[Waiting]:
    query = (
        sa.select(cases.c.id, outreach.c.drafted_at, cases.c.owner_id)
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(*which, outreach.c.status == OutreachStatus.DRAFT)
    )
    for case, drafted, owner in connection.execute(query):
        yield Waiting(case, WaitingFor.APPROVAL, calendar.local(drafted).date(), _one(owner))


def _asked(connection: sa.Connection, which: Conditions, calendar: Calendar) -> Iterator[Waiting]:
    query = (
        sa.select(cases.c.id, asks.c.at, asks.c.asked_id)
        .join(cases, cases.c.id == asks.c.case_id)
        .where(*which, asks.c.answered_at.is_(None))
    )
    for case, at, person in connection.execute(query):
        yield Waiting(case, WaitingFor.ASKED, calendar.local(at).date(), _one(person))


def _handed_over(
    connection: sa.Connection, which: Conditions, calendar: Calendar
) -> Iterator[Waiting]:
    query = (
        sa.select(cases.c.id, alerts.c.at, cases.c.owner_id)
        .join(cases, cases.c.id == alerts.c.case_id)
        .where(*which, alerts.c.acknowledged_at.is_(None))
    )
    for case, at, owner in connection.execute(query):
        day = calendar.local(at).date()
        yield Waiting(case, WaitingFor.ACKNOWLEDGEMENT, day, _one(owner))
    query = sa.select(cases.c.id, cases.c.changed_at, cases.c.owner_id).where(
        *which, cases.c.status == CaseStatus.HANDED_OVER
    )
    for case, changed, owner in connection.execute(query):
        day = calendar.local(changed).date()
        yield Waiting(case, WaitingFor.ACKNOWLEDGEMENT, day, _one(owner))


def _unreviewed(
    connection: sa.Connection, which: Conditions, calendar: Calendar
) -> Iterator[Waiting]:
    """Return unreviewed uses of the welfare route, with their reviewers: never the user.

    Where no one can review it yet, no one is reminded; the card says so.
    """
    query = (
        sa.select(cases.c.id, emergencies.c.id, emergencies.c.at, ~CASE_IS_OPEN)
        .join(cases, cases.c.id == emergencies.c.case_id)
        .where(*which, emergencies.c.reviewed_at.is_(None))
    )
    for case, used, at, ended in connection.execute(query).all():
        waits = to_review(connection, repository.case(connection, case))
        able = sorted(person for one in waits if one.id == used for person in one.able.ids)
        if able:
            yield Waiting(case, WaitingFor.REVIEW, calendar.local(at).date(), tuple(able), ended)


def _complained(connection: sa.Connection, which: Conditions, today: dt.date) -> Iterator[Waiting]:
    query = (
        sa.select(cases.c.id, complaints.c.informal_by, complaints.c.handler_id, ~CASE_IS_OPEN)
        .join(cases, cases.c.id == complaints.c.case_id)
        .where(*which, complaints.c.resolved_at.is_(None), complaints.c.informal_by <= today)
    )
    for case, by, handler, ended in connection.execute(query).all():
        able = deciders(connection, repository.case(connection, case)).ids
        people = _one(handler) or tuple(sorted(able))
        if people:
            yield Waiting(case, WaitingFor.RESOLUTION, by, people, ended)


def overdue_complaints(connection: sa.Connection, today: dt.date) -> list[tuple[str, dt.date]]:
    """Return (reference, day) of every open complaint whose informal step was due before today.

    Those on closed cases are among them, since a complaint is not over with its case.
    """
    query = (
        sa.select(cases.c.reference, complaints.c.informal_by)
        .join(cases, cases.c.id == complaints.c.case_id)
        .where(
            lives(cases.c.student_id),
            complaints.c.resolved_at.is_(None),
            complaints.c.informal_by < today,
        )
        .order_by(complaints.c.informal_by, complaints.c.id)
    )
    return [(row.reference, row.informal_by) for row in connection.execute(query)]


def _questioned(
    connection: sa.Connection, which: Conditions, calendar: Calendar
) -> Iterator[Waiting]:
    query = (
        sa.select(cases.c.id, sayings.c.at, cases.c.owner_id, ~CASE_IS_OPEN)
        .join(cases, cases.c.id == sayings.c.case_id)
        .where(*which, WAITS)
    )
    for case, at, owner, ended in connection.execute(query):
        day = calendar.local(at).date()
        yield Waiting(case, WaitingFor.QUESTION, day, _one(owner), ended)


def _one(person: int | None) -> tuple[int, ...]:
    return () if person is None else (person,)


_ASKED = (
    sa.select(staff.c.name)
    .join(asks, asks.c.asked_id == staff.c.id)
    .where(asks.c.case_id == sa.bindparam("case"), asks.c.answered_at.is_(None))
    .order_by(asks.c.id)
)


def names_asked(connection: sa.Connection, case: int) -> tuple[str, ...]:
    """Return the names of colleagues who were asked for a view and have not given it."""
    return tuple(dict.fromkeys(connection.execute(_ASKED, {"case": case}).scalars()))
