"""The health of feeds: each source, school and weekday beside its own habit.

A source may deliver a day and yet lack a school, or most of its rows. Then the school's day is
unknown. A habit is the median of the same weekday in the weeks before, so one bad day is none, and
a source that rests on Sundays is no worse for it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from statistics import median

import duckdb

from store.rules.model import OCCASIONAL

THIN = 0.5
"""Below this share of its habit a school's day is unknown."""
LEAST_ROWS = 20
"""Of a habit: fewer rows vary too much to say."""
LEAST_WEEKS, MOST_WEEKS = 3, 8
"""The weeks before that make a habit of a weekday."""

_ROWS = """
SELECT
    CAST(activity.source AS VARCHAR), CAST(modules.school AS VARCHAR), activity.day, COUNT(*)
FROM delivered_rows AS activity
JOIN (SELECT DISTINCT module, module_school AS school FROM enrolments) AS modules
    ON modules.module = activity.module
JOIN agreed
    ON agreed.school = modules.school AND agreed.source = activity.source
    AND agreed.family = activity.family
WHERE NOT list_contains($occasional, CAST(activity.family AS VARCHAR))
GROUP BY ALL
"""

Rows = Mapping[tuple[str, str], Mapping[dt.date, int]]
"""Source and school → day → rows."""


def rows_of_schools(con: duckdb.DuckDBPyConnection) -> Rows:
    """Count the rows of each source and school, of families in which most days have some."""
    found: dict[tuple[str, str], dict[dt.date, int]] = defaultdict(dict)
    for source, school, day, rows in con.execute(
        _ROWS, {"occasional": [str(each) for each in OCCASIONAL]}
    ).fetchall():
        found[source, school][day] = int(rows)
    return found


def thin_days(
    rows: Rows, delivered: Mapping[str, Collection[dt.date]]
) -> list[tuple[str, str, dt.date]]:
    """Find the delivered days whose rows of a school are too few: (source, school, day)."""
    return [
        (source, school, day)
        for (source, school), of_day in sorted(rows.items())
        for day in sorted(delivered.get(source, ()))
        if is_thin(of_day, delivered[source], day)
    ]


def is_thin(of_day: Mapping[dt.date, int], delivered: Collection[dt.date], day: dt.date) -> bool:
    """Say whether a delivered day has too few rows beside the same weekday of the weeks before."""
    before = (day - dt.timedelta(weeks=week) for week in range(1, MOST_WEEKS + 1))
    habit = [of_day.get(each, 0) for each in before if each in delivered]
    if len(habit) < LEAST_WEEKS:
        return False
    usual = median(habit)
    return usual >= LEAST_ROWS and of_day.get(day, 0) < THIN * usual
