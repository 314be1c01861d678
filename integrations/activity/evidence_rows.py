"""From the engine's tables ``found``, ``missed``, ``lateness`` and ``cohort`` to evidence."""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

import duckdb

from store.rules.flag_rules.evidence import Evidence, Measure, MissedItem
from store.rules.model import MarkerFamily

_WEEKS = 8
ClassWeeks = tuple[float, ...]
_FAMILIES = {str(family): family for family in MarkerFamily}

_FOUND = """
SELECT student, home_school = school, module_school = school, enrolled_since, days_seen, module,
    family, source, fresh, last_done, active_days_28, expected_28, done_28, starts, days_seen,
    absences
FROM found
WHERE school = $school
ORDER BY student, CAST(module AS VARCHAR), CAST(family AS VARCHAR), CAST(source AS VARCHAR)
"""


@contextmanager
def without_collection() -> Iterator[None]:
    """Without looking for reference cycles meanwhile.

    Evidence is tens of thousands of records that refer to nothing but values. The collector would
    go through all of them again and again, which takes a fifth of the time and finds nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def evidence_of(
    con: duckdb.DuckDBPyConnection,
    school: str,
    classes: Mapping[tuple[str, ...], ClassWeeks],
    unmeasured: Mapping[str, frozenset[dt.date]],
) -> Iterator[Evidence]:
    """The evidence that this school may use: the home school's is of every module.

    ``unmeasured``: source → the days that it has not delivered.
    """
    missed = _missed(con, school)
    lateness = _lateness(con, school)
    own: dict[int, list[Measure]] = defaultdict(list)
    elsewhere: dict[int, list[Measure]] = defaultdict(list)
    days_seen: dict[int, int] = defaultdict(int)
    students: dict[int, tuple[bool, dt.date]] = {}
    for row in con.execute(_FOUND, {"school": school}).fetchall():
        student, at_home, is_own, since, seen, module, family, source, *_ = row
        of_work = family == "submissions"
        items = missed.get((student, module, source), []) if of_work else ()
        pieces, days_late = lateness.get((student, module, source), (0, 0)) if of_work else (0, 0)
        of_class = classes.get((module, family, source), ())
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
            absences=row[15],
            work_due=pieces,
            days_late=days_late,
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
            unmeasured=unmeasured,
        )


def class_weeks(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, ...], ClassWeeks]:
    """Module, family and source → the class's mean active days of eight weeks, oldest first."""
    return {row[:3]: row[:2:-1] for row in con.execute("FROM cohort").fetchall()}


def _missed(
    con: duckdb.DuckDBPyConnection, school: str
) -> dict[tuple[int, str, str], list[MissedItem]]:
    """What was missed on this school's modules, by student, module and source."""
    found: dict[tuple[int, str, str], list[MissedItem]] = defaultdict(list)
    for student, module, source, item, due in con.execute(
        "SELECT student, module, source, item, due FROM missed WHERE school = $school "
        "ORDER BY due, item",
        {"school": school},
    ).fetchall():
        found[student, module, source].append(MissedItem(module, item, due))
    return found


def _lateness(
    con: duckdb.DuckDBPyConnection, school: str
) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Pieces of work due and days late, of those found, by student, module and source."""
    rows = con.execute(
        "SELECT student, module, source, due, days_late FROM lateness WHERE school = $school",
        {"school": school},
    ).fetchall()
    return {(student, module, source): (due, late) for student, module, source, due, late in rows}


@lru_cache(maxsize=4096)
def _weeks(days_seen: int) -> tuple[int, ...]:
    """Active days in each of the last eight weeks, oldest first, from one bit a day."""
    return tuple(
        (days_seen >> 7 * week & 0b111_1111).bit_count() for week in reversed(range(_WEEKS))
    )
