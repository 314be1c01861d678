"""Find which cases of a school need action, since when, and by which colleague."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.db.read_once import Of, read_once, shown_together
from store.queries.cases.deciders import deciders, to_review
from store.queries.cases.ended_reasons import ASKS_FOR_CONTACT, ended_reasons
from store.queries.cases.entries import entries_of
from store.queries.cases.over import IS_OVER
from store.queries.contacts import signs
from store.queries.deaths import lives
from store.queries.students.exemptions import select_exempt
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
)
from store.tables.base import Instant


@read_once
def waiting_in(
    connection: sa.Connection, school: int, calendar: Calendar, today: dt.date
) -> Sequence[Waiting]:
    """Return everything that needs action on the school's cases.

    A case that is paused, snoozed, closed or of an exempt student needs none, with three
    exceptions: a review of the welfare route, the informal step of a complaint, and a student's
    report of a mistake. A case of a student who has died never needs action.
    """
    found = connection.execute(_waiting(), {"school": school, "today": today}).all()
    over = ended_reasons(connection, [row.id for row in found if row.what == WaitingFor.CLOSING])
    asked = [row for row in found if row.id not in over or row.what not in _FOR_CONTACT]
    rows = sorted(_standing(asked), key=lambda row: (row.what, row.id))
    decided = (row.id for row in rows if row.what in (WaitingFor.REVIEW, WaitingFor.RESOLUTION))
    shown_together(connection, Of.CASE, decided)
    waiting = [each for row in rows if (each := _waits(connection, row, calendar))]
    return [
        replace(each, since=over[each.case].since or each.since)
        if each.what is WaitingFor.CLOSING
        else each
        for each in waiting
    ]


def _standing(rows: Sequence[Any]) -> Iterator[Any]:
    """Leave out answers but the newest of each case, and that too once a colleague met the
    student."""
    newest: dict[int, Any] = {}
    for row in rows:
        if row.what == WaitingFor.REACTION:
            newest[row.id] = max(newest.get(row.id, row), row, key=lambda each: each.at)
    for row in rows:
        if row.what != WaitingFor.REACTION or (row is newest[row.id] and row.use == _ANSWER):
            yield row


def _waits(connection: sa.Connection, row: Any, calendar: Calendar) -> Waiting | None:
    """Return what a row says; None for a decision that no one can take yet, as the card says."""
    what, day = WaitingFor(row.what), row.on or calendar.local(row.at).date()
    people: tuple[int, ...] = () if row.person is None else (row.person,)
    if what is WaitingFor.REVIEW:
        # Those who may review it: never who used it.
        waits = to_review(connection, repository.case(connection, row.id))
        people = tuple(sorted(who for one in waits if one.id == row.use for who in one.able.ids))
    elif what is WaitingFor.RESOLUTION and not people:
        able = deciders(connection, repository.case(connection, row.id)).ids
        people = tuple(sorted(able))
    if what in (WaitingFor.REVIEW, WaitingFor.RESOLUTION) and not people:
        return None
    return Waiting(row.id, what, day, people)


_FOR_CONTACT = (WaitingFor.VIEW, WaitingFor.APPROVAL, WaitingFor.ASKED)
"""What leads to contact with the student, which a case without a remaining reason does not need."""

_ANSWER, _MEETING = 1, 0
_NO_DAY, _NO_TIME = sa.cast(sa.null(), sa.Date), sa.cast(sa.null(), Instant)


def _row(
    what: WaitingFor,
    *,
    at: sa.ColumnElement[Any] = _NO_TIME,
    on: sa.ColumnElement[Any] = _NO_DAY,
    person: sa.ColumnElement[Any] = cases.c.owner_id,
    use: sa.ColumnElement[Any] | None = None,
) -> sa.Select[Any]:
    return sa.select(
        cases.c.id,
        sa.literal(int(what), sa.Integer).label("what"),
        sa.type_coerce(at, Instant).label("at"),
        sa.type_coerce(on, sa.Date).label("on"),
        sa.type_coerce(person, sa.BigInteger).label("person"),
        (sa.literal(0, sa.BigInteger) if use is None else use).label("use"),
    )


@cache
def _waiting() -> sa.CompoundSelect[Any]:
    """Everything that may wait in a school, in one statement."""
    today = sa.bindparam("today", type_=sa.Date())
    here = (cases.c.school_id == sa.bindparam("school"), lives(cases.c.student_id))
    awake = (
        *here,
        CASE_IS_OPEN,
        cases.c.snoozed_until.is_(None) | (cases.c.snoozed_until <= today),
        cases.c.status != CaseStatus.PAUSED,
        cases.c.student_id.not_in(select_exempt(sa.bindparam("school"), today)),
    )
    asks_for_it = COUNTS[ContactQuestion.REACTION]
    found = signs(asks_for_it | COUNTS[ContactQuestion.MET])
    is_answer = sa.case((found.c.kind.in_(sorted(asks_for_it)), _ANSWER), else_=_MEETING)
    what = WaitingFor
    return sa.union_all(
        _row(what.VIEW, on=cases.c.opened_on).where(*awake, cases.c.status == CaseStatus.OPEN),
        _row(what.CLOSING, on=cases.c.opened_on).where(
            *awake, cases.c.status.in_(sorted(ASKS_FOR_CONTACT)), IS_OVER
        ),
        _row(what.REACTION, at=found.c.at, use=is_answer)
        .join(found, found.c.student_id == cases.c.student_id)
        .where(*awake, cases.c.status == CaseStatus.RESPONDED, found.c.at >= cases.c.opened_at),
        _row(what.APPROVAL, at=outreach.c.drafted_at)
        .join(outreach, outreach.c.case_id == cases.c.id)
        .where(*awake, outreach.c.status == OutreachStatus.DRAFT),
        _row(what.ASKED, at=asks.c.at, person=asks.c.asked_id)
        .join(asks, asks.c.case_id == cases.c.id)
        .where(*awake, asks.c.answered_at.is_(None)),
        _row(what.ACKNOWLEDGEMENT, at=alerts.c.at)
        .join(alerts, alerts.c.case_id == cases.c.id)
        .where(*awake, alerts.c.acknowledged_at.is_(None)),
        _row(what.ACKNOWLEDGEMENT, at=cases.c.changed_at).where(
            *awake, cases.c.status == CaseStatus.HANDED_OVER
        ),
        _row(what.REVIEW, at=emergencies.c.at, use=emergencies.c.id)
        .join(emergencies, emergencies.c.case_id == cases.c.id)
        .where(*here, emergencies.c.reviewed_at.is_(None)),
        _row(what.RESOLUTION, on=complaints.c.informal_by, person=complaints.c.handler_id)
        .join(complaints, complaints.c.case_id == cases.c.id)
        .where(*here, complaints.c.resolved_at.is_(None), complaints.c.informal_by <= today),
        _row(what.QUESTION, at=sayings.c.at)
        .join(sayings, sayings.c.case_id == cases.c.id)
        .where(*here, WAITS),
    )


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


def names_asked(connection: sa.Connection, case: int) -> tuple[str, ...]:
    """Return the names of colleagues who were asked for a view and have not given it."""
    return tuple(dict.fromkeys(each.who for each in entries_of(connection, case)["asked"]))
