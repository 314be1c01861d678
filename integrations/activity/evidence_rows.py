"""Turn rows of the tables ``found``, ``missed``, ``lateness`` and ``cohort`` into evidence."""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import duckdb

from integrations.activity.unknown_people import Unknown
from store.rules.flag_rules.evidence import Evidence, Measure, MissedItem, Piece
from store.rules.model import MarkerFamily

_WEEKS = 8
ClassWeeks = tuple[float, ...]
ClassSessions = tuple[float | None, ...]
Key = tuple[str, str, str]
"""Module, family and source."""
_FAMILIES = {str(family): family for family in MarkerFamily}

_FOUND = """
SELECT student, home_school = school, module_school = school, enrolled_since, days_seen, module,
    family, source, fresh, last_done, active_days_28, expected_28, done_28, starts, days_seen,
    missed_in_a_row, days_expected, CAST(module_school AS VARCHAR), CAST(home_school AS VARCHAR)
FROM found
WHERE school = $school
ORDER BY student, CAST(module AS VARCHAR), CAST(family AS VARCHAR), CAST(source AS VARCHAR)
"""

_SPOKEN = """
SELECT DISTINCT module, family, source
FROM measures
WHERE last_done IS NOT NULL OR expected_28 > 0 OR days_expected > 0
"""


@dataclass(frozen=True, slots=True)
class Context:
    """Facts shared by many students: figures of their classes, and the days covered."""

    weeks: Mapping[Key, ClassWeeks]
    in_period: Mapping[Key, float]
    """The class's mean active days in the clearing period."""
    class_sessions: Mapping[tuple[str, str], ClassSessions]
    """Module and source → the class median of sessions in each week, oldest first."""
    middles: Mapping[tuple[str, str], float]
    """School and module → the class's median active days in the school's clearing period."""
    periods: Mapping[str, int]
    looked_from: dt.date
    unmeasured: Mapping[str, frozenset[dt.date]]
    """Source → the days that it has not delivered."""
    unknown: Unknown
    """The unknown days of single students and of whole schools."""
    spoken: frozenset[Key]
    """(module, family, source) with any data at all."""


def context_of(
    con: duckdb.DuckDBPyConnection,
    periods: Mapping[str, int],
    looked_from: dt.date,
    unmeasured: Mapping[str, frozenset[dt.date]],
    unknown: Unknown,
) -> Context:
    """Read the class figures from ``cohort``, ``class_period``, ``class_sessions``, ``middles``."""
    return Context(
        # The class's mean active days of eight weeks, oldest first.
        weeks={row[:3]: row[:2:-1] for row in con.execute("FROM cohort").fetchall()},
        in_period={row[:3]: row[3] for row in con.execute("FROM class_period").fetchall()},
        class_sessions=_class_sessions(con),
        middles={row[:2]: row[2] for row in con.execute("FROM middles").fetchall()},
        periods=periods,
        looked_from=looked_from,
        unmeasured=unmeasured,
        unknown=unknown,
        spoken=frozenset(con.execute(_SPOKEN).fetchall()),
    )


@contextmanager
def without_collection() -> Iterator[None]:
    """Switch off the garbage collector meanwhile.

    Evidence is tens of thousands of records without reference cycles. The collector would scan them
    again and again, which takes a fifth of the time and finds nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def evidence_of(
    con: duckdb.DuckDBPyConnection, school: str, context: Context
) -> Iterator[Evidence]:
    """Yield the evidence that this school may use; a home school's covers every module."""
    missed = _missed(con, school)
    lateness = _lateness(con, school)
    pieces = _pieces(con, school)
    own: dict[int, list[Measure]] = defaultdict(list)
    elsewhere: dict[int, list[Measure]] = defaultdict(list)
    days_seen: dict[int, int] = defaultdict(int)
    students: dict[int, tuple[bool, dt.date]] = {}
    schools: dict[int, set[str]] = defaultdict(set)
    for row in con.execute(_FOUND, {"school": school}).fetchall():
        student, at_home, is_own, since, seen, module, family, source, *_ = row
        schools[student].update(row[17:19])
        of_work, of_sessions = family == "submissions", family == "attendance"
        items = missed.get((student, module, source), []) if of_work else ()
        number, days_late = lateness.get((student, module, source), (0, 0)) if of_work else (0, 0)
        of_class = context.weeks.get((module, family, source), ())
        measure = Measure(
            student=student,
            module=module,
            family=_FAMILIES[family],
            source=source,
            fresh=row[8],
            last_done=row[9],
            active_days_28=row[10],
            expected_28=row[11],
            done_28=row[12],
            missed=tuple(items),
            since=row[13],
            weeks=_weeks(row[14]) if of_class else (),
            class_weeks=of_class,
            absences=row[15] if of_sessions else 0,
            meetings_missed=row[15] if family == "meetings" else 0,
            work_due=number,
            days_late=days_late,
            pieces=tuple(pieces.get((student, module, source), ())) if of_work else (),
            days_seen=row[14],
            days_expected=row[16],
            class_in_period=context.in_period.get((module, family, source)),
            class_sessions=context.class_sessions.get((module, source), ()) if of_sessions else (),
            is_spoken_of=(module, family, source) in context.spoken,
        )
        (own if is_own else elsewhere)[student].append(measure)
        days_seen[student] |= seen
        students[student] = at_home, since
    for student, (at_home, since) in students.items():
        yield Evidence(
            student=student,
            measures=tuple(own[student]),
            weeks=_weeks(days_seen[student]),
            enrolled_since=since,
            elsewhere=tuple(elsewhere[student]),
            at_home=at_home,
            unmeasured=context.unknown.of(student, schools[student], context.unmeasured),
            looked_from=context.looked_from,
            period=context.periods.get(school, 0),
            middle=_middle(school, own[student] + elsewhere[student], context),
        )


def _class_sessions(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], ClassSessions]:
    """Return the medians of the table ``class_sessions``, eight weeks of each module and source."""
    found: dict[tuple[str, str], list[float | None]] = defaultdict(lambda: [None] * _WEEKS)
    for module, source, week, middle in con.execute("FROM class_sessions").fetchall():
        found[module, source][week] = middle
    return {key: tuple(weeks) for key, weeks in found.items()}


def _middle(school: str, measures: list[Measure], context: Context) -> float | None:
    """Return the median of the busiest of the student's classes."""
    found = (context.middles.get((school, measure.module)) for measure in measures)
    return max((middle for middle in found if middle is not None), default=None)


def _missed(
    con: duckdb.DuckDBPyConnection, school: str
) -> dict[tuple[int, str, str], list[MissedItem]]:
    """Return missed work on this school's modules, by student, module and source."""
    found: dict[tuple[int, str, str], list[MissedItem]] = defaultdict(list)
    for student, module, source, item, due in con.execute(
        "SELECT student, module, source, item, due FROM missed WHERE school = $school "
        "ORDER BY due, item",
        {"school": school},
    ).fetchall():
        found[student, module, source].append(MissedItem(module, item, due))
    return found


def _pieces(con: duckdb.DuckDBPyConnection, school: str) -> dict[tuple[int, str, str], list[Piece]]:
    """Return all work of students with active flags on this school's modules, missed or not."""
    found: dict[tuple[int, str, str], list[Piece]] = defaultdict(list)
    for student, module, source, *piece in con.execute(
        "SELECT student, module, source, item, due, handed_in, is_owed FROM pieces "
        "WHERE school = $school ORDER BY due, item",
        {"school": school},
    ).fetchall():
        found[student, module, source].append(Piece(*piece))
    return found


def _lateness(
    con: duckdb.DuckDBPyConnection, school: str
) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Return pieces of work due and days late, by student, module and source."""
    rows = con.execute(
        "SELECT student, module, source, due, days_late FROM lateness WHERE school = $school",
        {"school": school},
    ).fetchall()
    return {(student, module, source): (due, late) for student, module, source, due, late in rows}


@lru_cache(maxsize=4096)
def _weeks(days_seen: int) -> tuple[int, ...]:
    """Return the active days in each of the last eight weeks, oldest first, from a bit a day."""
    return tuple(
        (days_seen >> 7 * week & 0b111_1111).bit_count() for week in reversed(range(_WEEKS))
    )
