"""Read the students of a school who were flagged in a period, with their cases."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from store.queries.deaths import lives
from store.rules.calendar import institution_day
from store.rules.fairness.room_comparison import (
    SETTLED,
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
    as a question about the data: they did not wait for room. So are those flagged too recently.
    """
    flagged = defaultdict[int, list[Any]](list)
    of_school = students.c.home_school_id == school
    for row in connection.execute(
        sa.select(flags)
        .join(students, students.c.id == flags.c.student_id)
        .where(of_school, flags.c.raised_on >= period.since, lives(flags.c.student_id))
        .order_by(flags.c.raised_on, flags.c.id)
    ):
        if period.holds(row.raised_on) and row.raised_on + SETTLED <= today:
            flagged[row.student_id].append(row)
    their_cases = defaultdict[int, list[Any]](list)
    for row in connection.execute(
        sa.select(cases.c.student_id, cases.c.opened_on, cases.c.closed_at)
        .join(students, students.c.id == cases.c.student_id)
        .where(of_school)
        .order_by(cases.c.opened_on)
    ):
        their_cases[row.student_id].append(row)
    made = (_episode(rows, their_cases[student]) for student, rows in flagged.items())
    return compare_room((each for each in made if each), period, figures)


def _episode(rows: list[Any], known: list[Any]) -> Episode | None:
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
        tuple(
            FirstFlag(row.last_found_on, FlagEnd(row.ended) if row.ended else None)
            for row in of_that_day
        ),
    )
