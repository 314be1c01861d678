"""Find what is not expected of students, beside what the sources say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from store.rules.model import MarkerFamily
from store.tables import adjustments

Agreed = tuple[int, str, dt.date, dt.date]
"""Student, family, first and last day."""


def adjustments_between(connection: sa.Connection, first: dt.date, last: dt.date) -> list[Agreed]:
    """Return every adjustment that covers one of these days. One that was ended early covers the
    days before that.
    """
    rows = connection.execute(
        sa.select(adjustments).where(adjustments.c.first <= last, adjustments.c.last >= first)
    )
    return [
        (row.student_id, row.family, row.first, until)
        for row in rows
        if (until := until_of(row.last, row.ended_at)) >= row.first
    ]


def not_expected(rows: Iterable[Any], day: dt.date) -> tuple[tuple[MarkerFamily, dt.date], ...]:
    """Return each family that is not expected on a day, and until when. ``rows`` are adjustments of
    one student.
    """
    until: dict[MarkerFamily, dt.date] = {}
    for row in rows:
        last = until_of(row.last, row.ended_at)
        if row.first <= day <= last:
            family = MarkerFamily(row.family)
            until[family] = max(last, until.get(family, last))
    return tuple(until.items())


def until_of(last: dt.date, ended_at: dt.datetime | None) -> dt.date:
    """Return the last day on which an adjustment holds."""
    if ended_at is None:
        return last
    return min(last, ended_at.date() - dt.timedelta(days=1))
