"""Turn rows of the tables ``found``, ``missed``, ``pieces`` and ``classes`` into evidence."""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import duckdb

from integrations.activity.unknown_people import Unknown
from store.rules.flag_rules.evidence import Evidence, Measure, MissedItem, Piece
from store.rules.model import MarkerFamily

_WEEKS = 8
_WEEKS_AGO = range(7 * (_WEEKS - 1), -1, -7)
"""How many days ago each week ended, oldest first."""
ClassWeeks = tuple[float, ...]
ClassSessions = tuple[float | None, ...]
OnClass = tuple[int, int]
"""A student, and the number of a class."""
_FAMILIES = {str(family): family for family in MarkerFamily}

_STUDENTS = """
SELECT student, bool_or(home_school = school), any_value(enrolled_since), bit_or(days_seen),
    CAST(any_value(home_school) AS VARCHAR)
FROM found
WHERE school = $school
GROUP BY student
ORDER BY student
"""

# Tens of thousands of rows, and a text in each takes longer to fetch than all its numbers.
_FOUND = """
SELECT student, of_class, last_done, active_days_28, expected_28, done_28, starts,
    missed_in_a_row, days_seen, days_expected, work_due, days_late
FROM found
WHERE school = $school
ORDER BY student, of_class
"""

_CLASSES = """
SELECT module, family, source, fresh, module_school, is_spoken_of
FROM classes
ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class OfClass:
    """Facts of one source and family on one module, shared by everyone on it."""

    module: str
    family: MarkerFamily
    source: str
    fresh: dt.date
    """The newest day for which the source has delivered anything."""
    school: str
    """The module's school."""
    is_spoken_of: bool
    """Whether there is any data at all."""
    weeks: ClassWeeks
    """The class's mean active days in eight weeks, oldest first; () where not compared."""
    in_period: float | None
    """The class's mean active days in the clearing period."""
    sessions: ClassSessions
    """The class's median of sessions in each week, oldest first; () where it has none."""


@dataclass(frozen=True, slots=True)
class Context:
    """Facts shared by many students: figures of their classes, and the days covered."""

    classes: Sequence[OfClass]
    """In the order of their numbers, which is that of module, family and source."""
    middles: Mapping[tuple[str, str], float]
    """School and module → the class's median active days in the school's clearing period."""
    periods: Mapping[str, int]
    looked_from: dt.date
    unmeasured: Mapping[str, frozenset[dt.date]]
    """Source → the days that it has not delivered."""
    unknown: Unknown
    """The unknown days of single students and of whole schools."""


def context_of(
    con: duckdb.DuckDBPyConnection,
    periods: Mapping[str, int],
    looked_from: dt.date,
    unmeasured: Mapping[str, frozenset[dt.date]],
    unknown: Unknown,
) -> Context:
    """Read the class figures: ``classes``, ``cohort``, ``class_period``, ``class_sessions`` and
    ``middles``."""
    # The cohort's newest week comes first.
    weeks = {row[:3]: row[:2:-1] for row in con.execute("FROM cohort").fetchall()}
    in_period = {row[:3]: row[3] for row in con.execute("FROM class_period").fetchall()}
    sessions = _class_sessions(con)
    return Context(
        classes=[
            OfClass(
                module,
                _FAMILIES[family],
                source,
                fresh,
                school,
                is_spoken_of,
                weeks.get((module, family, source), ()),
                in_period.get((module, family, source)),
                sessions.get((module, source), ()) if family == MarkerFamily.ATTENDANCE else (),
            )
            for module, family, source, fresh, school, is_spoken_of in con.execute(
                _CLASSES
            ).fetchall()
        ],
        middles={row[:2]: row[2] for row in con.execute("FROM middles").fetchall()},
        periods=periods,
        looked_from=looked_from,
        unmeasured=unmeasured,
        unknown=unknown,
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
    pieces = _pieces(con, school)
    own: dict[int, list[Measure]] = defaultdict(list)
    elsewhere: dict[int, list[Measure]] = defaultdict(list)
    others: dict[int, set[str]] = defaultdict(lambda: {school})
    for (
        student, number, last_done, active_days_28, expected_28, done_28, starts,
        missed_in_a_row, days_seen, days_expected, work_due, days_late,
    ) in con.execute(_FOUND, {"school": school}).fetchall():  # fmt: skip
        of_class = context.classes[number]
        family, key = of_class.family, (student, number)
        measure = Measure(
            student,
            of_class.module,
            family,
            of_class.source,
            of_class.fresh,
            last_done,
            active_days_28,
            expected_28,
            done_28,
            missed=tuple(missed[key]) if key in missed else (),
            since=starts,
            weeks=_weeks(days_seen) if of_class.weeks else (),
            class_weeks=of_class.weeks,
            absences=missed_in_a_row if family is MarkerFamily.ATTENDANCE else 0,
            meetings_missed=missed_in_a_row if family is MarkerFamily.MEETINGS else 0,
            work_due=work_due,
            days_late=days_late,
            pieces=tuple(pieces[key]) if key in pieces else (),
            days_seen=days_seen,
            days_expected=days_expected,
            class_in_period=of_class.in_period,
            class_sessions=of_class.sessions,
            is_spoken_of=of_class.is_spoken_of,
        )
        if of_class.school == school:
            own[student].append(measure)
        else:
            elsewhere[student].append(measure)
            others[student].add(of_class.school)
    students = con.execute(_STUDENTS, {"school": school}).fetchall()
    for student, at_home, since, days_seen, home in students:
        yield Evidence(
            student=student,
            measures=tuple(own[student]),
            weeks=_weeks(days_seen),
            enrolled_since=since,
            elsewhere=tuple(elsewhere[student]),
            at_home=at_home,
            unmeasured=context.unknown.of(student, others[student] | {home}, context.unmeasured),
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
    if not context.middles:
        return None
    found = (context.middles.get((school, measure.module)) for measure in measures)
    return max((middle for middle in found if middle is not None), default=None)


def _missed(con: duckdb.DuckDBPyConnection, school: str) -> dict[OnClass, list[MissedItem]]:
    """Return missed work on this school's modules."""
    found: dict[OnClass, list[MissedItem]] = defaultdict(list)
    for student, number, *item in con.execute(
        "SELECT student, number, module, item, due FROM missed JOIN classes USING (module, source) "
        "WHERE school = $school AND family = 'submissions' ORDER BY due, item",
        {"school": school},
    ).fetchall():
        found[student, number].append(MissedItem(*item))
    return found


def _pieces(con: duckdb.DuckDBPyConnection, school: str) -> dict[OnClass, list[Piece]]:
    """Return all work of students with active flags on this school's modules, missed or not."""
    found: dict[OnClass, list[Piece]] = defaultdict(list)
    for student, number, *piece in con.execute(
        "SELECT student, number, item, due, handed_in, is_owed FROM pieces "
        "JOIN classes USING (module, source) "
        "WHERE school = $school AND family = 'submissions' ORDER BY due, item",
        {"school": school},
    ).fetchall():
        found[student, number].append(Piece(*piece))
    return found


@lru_cache(maxsize=4096)
def _weeks(days_seen: int) -> tuple[int, ...]:
    """Return the active days in each of the last eight weeks, oldest first, from a bit a day."""
    # A list first: twice as fast as a generator.
    return tuple([(days_seen >> days & 0b111_1111).bit_count() for days in _WEEKS_AGO])
