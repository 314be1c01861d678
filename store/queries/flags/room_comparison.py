"""Read the students of a school who were flagged in a period, with their cases."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.deaths import lives
from store.rules.calendar import institution_day
from store.rules.flags.room_comparison import (
    SETTLED,
    WITHIN,
    Episode,
    FirstFlag,
    RoomComparison,
    compare_room,
)
from store.rules.model import FlagEnd
from store.rules.small_numbers import PUBLISHED, Figures, ReportPeriod
from store.tables import cases, flags, students

_AFTER_A_CASE = dt.timedelta(days=90)
"""Flags this soon after a case was closed may belong to it, so they say nothing about room."""


def room_comparison(
    connection: sa.Connection,
    school: int,
    period: ReportPeriod,
    today: dt.date,
    figures: Figures = PUBLISHED,
) -> RoomComparison:
    """Compare the school's students who were first flagged in the period.

    Left out are students who had a case already or shortly before, and those whose flags were held
    as a question about the data: they did not wait for room. So are those flagged too recently, as
    of the period's end or of ``today``.
    """
    published = policy_in_force(connection, school, today)
    clears = dt.timedelta(days=published.policy.clear_after_days if published else 0)
    newest = (period.until or today) - max(SETTLED, WITHIN + clears)
    flagged = defaultdict[int, list[Any]](list)
    of_school = students.c.home_school_id == school
    for row in connection.execute(
        sa.select(flags)
        .join(students, students.c.id == flags.c.student_id)
        .where(of_school, flags.c.raised_on >= period.since, lives(flags.c.student_id))
        .order_by(flags.c.raised_on, flags.c.id)
    ):
        if row.raised_on <= newest:
            flagged[row.student_id].append(row)
    their_cases = defaultdict[int, list[Any]](list)
    for row in connection.execute(
        sa.select(cases.c.student_id, cases.c.opened_on, cases.c.closed_at)
        .join(students, students.c.id == cases.c.student_id)
        .where(of_school)
        .order_by(cases.c.opened_on)
    ):
        their_cases[row.student_id].append(row)
    made = (_episode(rows, their_cases[student], period) for student, rows in flagged.items())
    return compare_room((each for each in made if each), period, figures)


def _episode(rows: list[Any], known: list[Any], period: ReportPeriod) -> Episode | None:
    first = rows[0].raised_on
    of_that_day = [row for row in rows if row.raised_on == first]
    before = [row for row in known if row.opened_on < first]
    if any(row.hold_id is not None for row in of_that_day) or any(
        row.closed_at is None or institution_day(row.closed_at) + _AFTER_A_CASE >= first
        for row in before
    ):
        return None
    return Episode(
        first,
        next((row.opened_on for row in known if row.opened_on >= first), None),
        tuple(FirstFlag(row.last_found_on, _end(row, period)) for row in of_that_day),
    )


def _end(row: Any, period: ReportPeriod) -> FlagEnd | None:
    """Return why a flag ended, as far as it was known at the end of the period."""
    if not row.ended or (row.ended_on and not period.known(row.ended_on)):
        return None
    return FlagEnd(row.ended)
