"""Read active flags with what is needed to judge again the days on which they were found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.flag_rules.evidence import SOURCES_APART
from store.tables import FLAG_IS_ACTIVE, flags


@dataclass(frozen=True, slots=True)
class FoundBefore:
    """An active flag and the earlier screened days on which it was found."""

    id: int
    student: int
    key: str
    policy: int
    """The version that raised it, by its id."""
    sources: frozenset[str]
    days: tuple[dt.date, ...]
    """Oldest first; never empty."""
    is_overall: bool
    """Whether it is about no single module."""


def found_before(connection: sa.Connection, school: int, day: dt.date) -> list[FoundBefore]:
    """Return a school's active flags that were found before ``day``, by id.

    Those that were found on ``day`` as well are among them, since it may be screened again.
    """
    rows = connection.execute(
        sa.select(flags)
        .where(
            flags.c.school_id == school,
            FLAG_IS_ACTIVE,
            flags.c.raised_on < day,
            flags.c.last_found_on <= day,
        )
        .order_by(flags.c.id)
    )
    return [
        FoundBefore(
            row.id,
            row.student_id,
            row.key,
            row.policy_id,
            frozenset(row.source.split(SOURCES_APART)),
            days,
            row.module is None,
        )
        for row in rows
        if (days := _days(row.raised_on, row.last_found_on, {*row.missed_on, day.isoformat()}))
    ]


def _days(first: dt.date, last: dt.date, missed: Collection[str]) -> tuple[dt.date, ...]:
    whole = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in whole if day.isoformat() not in missed)
