"""Find days on which a source delivered far fewer rows than usual: thin days.

A source may deliver a day and yet lack a school, most of its rows, or the marks of who was there.
The school's day is then unknown. The usual number (the habit) is the median of the same weekday in
earlier weeks, so that one bad day does not change it, and a source may rest on Sundays.

Work and meetings have no such habit. For meetings a day is thin where far fewer of those expected
took place than usual. For work no day is thin: a piece of work has arrived or not (``class_work``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from statistics import median

import duckdb

from integrations.activity.day_notes import EVERYWHERE
from integrations.activity.lake import Lake
from integrations.activity.relations import (
    AgreedSource,
    enrolments_table,
    rows_of,
    source_tables,
    stated_view,
)
from store.rules.flag_rules.arrivals import days_without_meetings
from store.rules.flag_rules.base import through
from store.rules.model import OCCASIONAL

THIN = 0.5
"""Below this share of its habit a school's day is unknown."""
LEAST_ROWS = 20
"""The fewest rows of a habit: smaller numbers vary too much."""
FEW_ROWS, GONE_DAYS = 5, 3
"""A small school, of so many rows a day, is missing where it has none for so many days in a row
that ``LEAST_ROWS`` would have been usual in them."""
WHOLE_WEEK, LEAST_GONE = dt.timedelta(days=7), 8
"""A smaller school, which had rows in every earlier week, is missing where it has none for so long
that at least so many rows would have been usual in this time."""
LEAST_PEOPLE = 3
"""A small school's rows are those of so many students at least: one or two may all have stopped."""
LEAST_WEEKS, MOST_WEEKS = 3, 8
"""How many earlier weeks make a habit of a weekday."""

COUNTED = "counted_rows"
"""The rows by module, which are few: all rows are counted once, and none of them is joined."""

_COUNTED = f"""
CREATE OR REPLACE TABLE {COUNTED} AS
SELECT
    source, module, family, day, COUNT(*) AS delivered,
    COUNT(*) FILTER (done > 0) AS with_something_done,
    SUM(expected) AS expected, SUM(done) AS done
FROM delivered_rows
GROUP BY source, module, family, day
"""  # noqa: S608
_ROWS = f"""
WITH of_school AS (
    SELECT
        counted.*, modules.school,
        list_contains($occasional, CAST(counted.family AS VARCHAR)) AS occasional
    FROM {COUNTED} AS counted
    JOIN (SELECT DISTINCT module, module_school AS school FROM enrolments) AS modules
        ON modules.module = counted.module
    JOIN agreed
        ON agreed.school = modules.school AND agreed.source = counted.source
        AND agreed.family = counted.family
)
SELECT
    CAST(source AS VARCHAR), CAST(school AS VARCHAR), day,
    COALESCE(SUM(delivered) FILTER (NOT occasional), 0),
    COALESCE(SUM(with_something_done) FILTER (NOT occasional), 0),
    COALESCE(SUM(expected) FILTER (family = 'meetings'), 0),
    COALESCE(SUM(done) FILTER (family = 'meetings'), 0)
FROM of_school
GROUP BY source, school, day
"""  # noqa: S608

_STUDENTS = """
SELECT COUNT(DISTINCT student)
FROM delivered_rows
WHERE source = $source AND day >= $since AND day < $before
    AND ($school = $everywhere OR module IN (
        SELECT module FROM enrolments WHERE module_school = $school
    ))
"""

Rows = Mapping[tuple[str, str], Mapping[dt.date, int]]
"""Source and school → day → rows."""
ThinDay = tuple[str, str, dt.date]
"""Source, school, day."""


def thin_now(
    lake: Lake, day: dt.date, agreed: Collection[AgreedSource], first: dt.date
) -> list[ThinDay]:
    """Find the thin days from ``first`` up to the day before ``day``, for people to read.

    Raises ``LakeError`` where there is no roster.
    """
    last = through(day)
    since = first - dt.timedelta(weeks=MOST_WEEKS)
    with lake.workspace() as work:
        enrolments_table(work, lake.roster, day)
        source_tables(work, agreed, lake.newest_days(last))
        stated_view(work, rows_of(work, "files", lake.files(since, last).values()))
        delivered = lake.days_delivered(since, last)
        found = thin_days_of(work.con, delivered)
    return [each for each in found if each[2] >= first]


def thin_days_of(
    con: duckdb.DuckDBPyConnection, delivered: Mapping[str, Collection[dt.date]]
) -> list[ThinDay]:
    """Find the delivered days that are thin, by all of this module's rules, and make ``COUNTED``.

    Rows are counted by school, and by source alone; all rows, and rows of something done: a
    register without marks has all its rows, but no one in them.
    """

    def none_yet() -> defaultdict[tuple[str, str], defaultdict[dt.date, int]]:
        return defaultdict(lambda: defaultdict(int))

    con.execute(_COUNTED)
    rows, rows_done = none_yet(), none_yet()
    meetings: dict[tuple[str, str], dict[dt.date, tuple[int, int]]] = defaultdict(dict)
    for source, school, day, number, done, expected, held in con.execute(
        _ROWS, {"occasional": [str(each) for each in OCCASIONAL]}
    ).fetchall():
        meetings[source, school][day] = int(expected), int(held)
        for where in (school, EVERYWHERE):
            rows[source, where][day] += int(number)
            rows_done[source, where][day] += int(done)
    found = set(thin_days([rows, rows_done], delivered, partial(_students, con)))
    for (source, school), days in meetings.items():
        found |= {(source, school, day) for day in days_without_meetings(days)}
    return sorted(found)


def _students(con: duckdb.DuckDBPyConnection, source: str, school: str, before: dt.date) -> int:
    """Count the students who had rows of a source in a school in the weeks before a day."""
    values = {"source": source, "school": school, "everywhere": EVERYWHERE, "before": before}
    since = before - dt.timedelta(weeks=LEAST_WEEKS)
    return int(con.execute(_STUDENTS, values | {"since": since}).fetchall()[0][0])


def thin_days(
    counts: Collection[Rows],
    delivered: Mapping[str, Collection[dt.date]],
    students: Callable[[str, str, dt.date], int] = lambda *_: LEAST_PEOPLE,
) -> list[ThinDay]:
    """Find the delivered days on which a school has too few rows, by any of these counts.

    ``students`` counts those who had rows of a source in a school before a day.
    """
    found: set[ThinDay] = set()
    for rows in counts:
        for (source, school), of_day in rows.items():
            days = delivered.get(source, ())
            enough = THIN * max(of_day.values())  # as no habit is above the fullest day
            found |= {
                (source, school, day)
                for day in days
                if of_day.get(day, 0) < enough and is_thin(of_day, days, day)
            }
            for gone in _gone(of_day, days):
                if students(source, school, gone[0]) >= LEAST_PEOPLE:
                    found |= {(source, school, day) for day in gone}
    return sorted(found)


def _gone(of_day: Mapping[dt.date, int], delivered: Collection[dt.date]) -> Iterator[list[dt.date]]:
    """Yield the days on which a small school is missing, by several days without any row."""
    in_a_row: list[dt.date] = []
    for day in (*sorted(delivered), None):
        if day is not None and not of_day.get(day, 0):
            in_a_row.append(day)
            continue
        if len(in_a_row) >= GONE_DAYS:
            usual = {each: _habit(of_day, delivered, each) for each in in_a_row}
            missed = [each for each, rows in usual.items() if rows >= FEW_ROWS]
            if len(missed) >= GONE_DAYS and sum(usual[each] for each in missed) >= LEAST_ROWS:
                yield missed
            elif _is_long(in_a_row, of_day, delivered):
                yield in_a_row
        in_a_row = []


def _is_long(
    in_a_row: list[dt.date], of_day: Mapping[dt.date, int], delivered: Collection[dt.date]
) -> bool:
    """Return whether days without a row are too long a time for a school that has few each week."""
    first, last = in_a_row[0], in_a_row[-1]
    long = last - first + dt.timedelta(days=1)
    if long < WHOLE_WEEK:
        return False
    weeks = []
    for week in range(1, MOST_WEEKS + 1):
        begins = first - week * WHOLE_WEEK
        days = [begins + dt.timedelta(days=n) for n in range(WHOLE_WEEK.days)]
        if sum(day in delivered for day in days) >= GONE_DAYS:
            weeks.append(sum(of_day.get(day, 0) for day in days))
    if len(weeks) < LEAST_WEEKS or not all(weeks):
        return False
    return median(weeks) * (long / WHOLE_WEEK) >= LEAST_GONE


def is_thin(of_day: Mapping[dt.date, int], delivered: Collection[dt.date], day: dt.date) -> bool:
    """Return whether a day has too few rows, compared with the same weekday in earlier weeks."""
    usual = _habit(of_day, delivered, day)
    return usual >= LEAST_ROWS and of_day.get(day, 0) < THIN * usual


def _habit(of_day: Mapping[dt.date, int], delivered: Collection[dt.date], day: dt.date) -> float:
    """Return the usual rows of this weekday; 0 where there are too few weeks to say."""
    before = (day - dt.timedelta(weeks=week) for week in range(1, MOST_WEEKS + 1))
    habit = [of_day.get(each, 0) for each in before if each in delivered]
    return median(habit) if len(habit) >= LEAST_WEEKS else 0
