"""Turn rows of the tables ``found``, ``missed``, ``pieces`` and ``classes`` into evidence."""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import duckdb

from integrations.activity.found_rows import Rows, SchoolOn
from integrations.activity.mornings import Morning, Mornings
from integrations.activity.unknown_people import Unknown
from store.rules.flag_rules.evidence import Evidence, Measure, MissedItem
from store.rules.model import MarkerFamily

_WEEKS = 8
_WEEKS_AGO = range(7 * (_WEEKS - 1), -1, -7)
"""How many days ago each week ended, oldest first."""
ClassWeeks = tuple[float, ...]
ClassSessions = tuple[float | None, ...]
_FAMILIES = {str(family): family for family in MarkerFamily}

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
class Looked:
    """The days that the measures of one morning cover."""

    first: dt.date
    delivered: Mapping[str, frozenset[dt.date]]
    unmeasured: Mapping[str, frozenset[dt.date]]
    """Source → the days that it has not delivered."""
    unknown: Unknown
    """The unknown days of single students and of whole schools."""


@dataclass(frozen=True, slots=True)
class Context:
    """Facts shared by many students: figures of their classes, and the days covered."""

    classes: Sequence[OfClass]
    """In the order of their numbers, which is that of module, family and source."""
    middles: Mapping[tuple[str, str], float]
    """School and module, as the morning names them → the class's median active days in the school's
    clearing period."""
    periods: Mapping[str, int]
    """School, as the morning names it → its clearing period."""
    looked: Mapping[Morning, Looked]


def context_of(
    con: duckdb.DuckDBPyConnection,
    mornings: Mornings,
    periods: Mapping[str, int],
    looked: Mapping[Morning, Looked],
) -> Context:
    """Read the class figures: ``classes``, ``cohort``, ``class_period``, ``class_sessions`` and
    ``middles``."""
    # The cohort's newest week comes first.
    weeks = {row[:3]: row[:2:-1] for row in con.execute("FROM cohort").fetchall()}
    in_period = {row[:3]: row[3] for row in con.execute("FROM class_period").fetchall()}
    sessions = _class_sessions(con)
    classes = []
    for module, family, source, fresh, school, is_spoken_of in con.execute(_CLASSES).fetchall():
        at, name = mornings.of(module)
        classes.append(
            OfClass(
                name,
                _FAMILIES[family],
                mornings.of(source)[1],
                fresh - dt.timedelta(at.moved),
                mornings.of(school)[1],
                is_spoken_of,
                weeks.get((module, family, source), ()),
                in_period.get((module, family, source)),
                sessions.get((module, source), ()) if family == MarkerFamily.ATTENDANCE else (),
            )
        )
    middles = {row[:2]: row[2] for row in con.execute("FROM middles").fetchall()}
    return Context(classes, middles, periods, looked)


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
    rows: Rows, which: SchoolOn, context: Context, watched: Collection[int]
) -> Iterator[Evidence]:
    """Yield the evidence that this school may use; a home school's covers every module.

    ``watched`` are the students with active flags. Students who are neither watched nor caught are
    left out.
    """
    at, school = which
    looked = context.looked[at]
    period = context.periods.get(at.mark + school, 0)
    wanted = {row[0] for row in rows.students if row[-1] or row[0] in watched}
    own: dict[int, list[Measure]] = defaultdict(list)
    elsewhere: dict[int, list[Measure]] = defaultdict(list)
    others: dict[int, set[str]] = defaultdict(lambda: {school})
    for (
        _, student, number, last_done, active_days_28, expected_28, done_28, starts,
        missed_in_a_row, days_seen, days_expected, work_due, days_late,
    ) in rows.measures:  # fmt: skip
        if student not in wanted:
            continue
        of_class = context.classes[number]
        family, key = of_class.family, (student, number)
        is_watched = student in watched
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
            missed=_missed(of_class.module, rows.missed[key]) if key in rows.missed else (),
            since=starts,
            weeks=_weeks(days_seen) if of_class.weeks else (),
            class_weeks=of_class.weeks,
            absences=missed_in_a_row if family is MarkerFamily.ATTENDANCE else 0,
            meetings_missed=missed_in_a_row if family is MarkerFamily.MEETINGS else 0,
            work_due=work_due,
            days_late=days_late,
            pieces=tuple(rows.pieces[key]) if is_watched and key in rows.pieces else (),
            days_seen=days_seen,
            days_expected=days_expected,
            class_in_period=of_class.in_period if is_watched else None,
            class_sessions=of_class.sessions,
            is_spoken_of=of_class.is_spoken_of,
        )
        if of_class.school == school:
            own[student].append(measure)
        else:
            elsewhere[student].append(measure)
            others[student].add(of_class.school)
    for student, at_home, since, days_seen, home, _ in rows.students:
        if student not in wanted:
            continue
        concerned = others[student] | {home.removeprefix(at.mark)}
        yield Evidence(
            student=student,
            measures=tuple(own[student]),
            weeks=_weeks(days_seen),
            enrolled_since=since,
            elsewhere=tuple(elsewhere[student]),
            at_home=at_home,
            unmeasured=looked.unknown.of(student, concerned, looked.unmeasured),
            looked_from=looked.first,
            period=period,
            middle=_middle(which, own[student] + elsewhere[student], context)
            if student in watched
            else None,
            first_work=tuple(rows.first_work.get(student, ())),
        )


def _class_sessions(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], ClassSessions]:
    """Return the medians of the table ``class_sessions``, eight weeks of each module and source."""
    found: dict[tuple[str, str], list[float | None]] = defaultdict(lambda: [None] * _WEEKS)
    for module, source, week, middle in con.execute("FROM class_sessions").fetchall():
        found[module, source][week] = middle
    return {key: tuple(weeks) for key, weeks in found.items()}


def _middle(which: SchoolOn, measures: list[Measure], context: Context) -> float | None:
    """Return the median of the busiest of the student's classes."""
    if not context.middles:
        return None
    at, school = which
    of_school = at.mark + school
    found = (context.middles.get((of_school, at.mark + each.module)) for each in measures)
    return max((middle for middle in found if middle is not None), default=None)


def _missed(module: str, items: list[tuple[Any, ...]]) -> tuple[MissedItem, ...]:
    return tuple([MissedItem(module, item, due) for item, due in items])


@lru_cache(maxsize=4096)
def _weeks(days_seen: int) -> tuple[int, ...]:
    """Return the active days in each of the last eight weeks, oldest first, from a bit a day."""
    # A list first: twice as fast as a generator.
    return tuple([(days_seen >> days & 0b111_1111).bit_count() for days in _WEEKS_AGO])
