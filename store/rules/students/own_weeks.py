"""A student's own weeks: what each marker shows, and what was expected.

Each marker is shown by itself: there is no sum over them. A week without data is unknown, never a
zero.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.rules.calendar import Calendar, Period
from store.rules.model import MarkerFamily

MOST_WEEKS = 15
"""Weeks of a term that are shown, the newest ones."""
WITHOUT_TERMS = 8
"""Weeks that are shown where the school has no terms."""
LEAST_CLASS = 10
"""Students of a class, this one included, below which no middle of it is shown."""

EXPECTING = frozenset({MarkerFamily.ATTENDANCE, MarkerFamily.SUBMISSIONS, MarkerFamily.MEETINGS})
"""Families in which single things are expected; in the others days with activity are counted."""

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TeachingWeek:
    """A week that counts, by its Monday. ``number`` counts in the term; None without terms."""

    monday: dt.date
    number: int | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.monday <= day < self.monday + _WEEK


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One row of a source on a day, as the lake holds it."""

    day: dt.date
    source: str
    module: str
    family: MarkerFamily
    item: str
    expected: int
    done: int


@dataclass(frozen=True, slots=True)
class Excuse:
    """A waived expectation, from a first to a last day; ``module`` and ``item`` '' for all."""

    module: str
    family: str
    item: str
    first: dt.date
    last: dt.date

    def covers(self, row: OwnRow) -> bool:
        """Return whether the row's expectation is waived; that of a piece of work on any day."""
        return (
            self.family == row.family
            and self.module in ("", row.module)
            and self.item in ("", row.item)
            and (row.family is MarkerFamily.SUBMISSIONS or self.first <= row.day <= self.last)
        )


def excused_between(periods: Iterable[tuple[dt.date, dt.date | None]]) -> tuple[Excuse, ...]:
    """Return what the student was not expected to do in these days; None: they have no end.

    Work is due all the same: more time for it is given by itself.
    """
    return tuple(
        Excuse("", family, "", first, last or dt.date.max)
        for first, last in periods
        for family in (MarkerFamily.ATTENDANCE, MarkerFamily.MEETINGS)
    )


@dataclass(frozen=True, slots=True)
class WeekShown:
    """A week of a marker: ``done`` of ``expected``, or days with activity where nothing is.

    ``is_known``: at least one day was measured; ``has_gaps``: not every day was.
    """

    week: TeachingWeek
    done: int
    expected: int
    is_known: bool
    has_gaps: bool = False
    middle: float | None = None
    """The median of the class; None where it was not asked for, or too few are in it."""


@dataclass(frozen=True, slots=True)
class MarkerWeeks:
    """One marker of one module, from one source, over the weeks."""

    module: str
    family: MarkerFamily
    source: str
    weeks: tuple[WeekShown, ...]

    @property
    def expects(self) -> bool:
        """Return whether sessions or pieces of work are expected, rather than days counted."""
        return self.family in EXPECTING

    @property
    def top(self) -> float:
        """Return the largest figure, at least 1, as the height of the chart."""
        figures = [max(each.done, each.expected, each.middle or 0) for each in self.weeks]
        return max([1, *figures])


def teaching_weeks(calendar: Calendar, today: dt.date) -> tuple[TeachingWeek, ...]:
    """Return the weeks of the current term up to yesterday's, or of the last one that ended."""
    yesterday = today - dt.timedelta(days=1)
    begun = [term for term in calendar.terms if term.first <= yesterday]
    if not begun:
        if calendar.terms:
            return ()
        first = _monday(yesterday) - _WEEK * (WITHOUT_TERMS - 1)
        return tuple(TeachingWeek(first + _WEEK * each) for each in range(WITHOUT_TERMS))
    term = max(begun, key=lambda each: each.first)
    return tuple(_of_term(calendar, term, yesterday))[-MOST_WEEKS:]


def _of_term(calendar: Calendar, term: Period, yesterday: dt.date) -> Iterable[TeachingWeek]:
    monday, number = _monday(term.first), 0
    while monday <= min(term.last, yesterday):
        days = (monday + dt.timedelta(days=each) for each in range(5))
        if any(calendar.counts(day) for day in days):
            number += 1
            yield TeachingWeek(monday, number)
        monday += _WEEK


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


Key = tuple[str, MarkerFamily, str]
"""Module, family and source."""


def weeks_of(
    rows: Iterable[OwnRow],
    weeks: Sequence[TeachingWeek],
    *,
    also: Iterable[Key] = (),
    excuses: Sequence[Excuse] = (),
    since: Mapping[str, dt.date],
    measured: Mapping[str, frozenset[dt.date]],
    middles: Mapping[tuple[Key, dt.date], float] | None = None,
) -> tuple[MarkerWeeks, ...]:
    """Return each marker's weeks, by module, family and source.

    ``also`` are markers that tell of the student's class, with or without a row of the student.
    ``since`` has the first day on each module; ``measured`` has the days of which each source told
    something about this student; ``middles`` has the class's figure for a marker and a Monday.
    """
    found: dict[Key, list[OwnRow]] = defaultdict(list, {key: [] for key in also})
    for row in rows:
        found[row.module, row.family, row.source].append(row)
    return tuple(
        MarkerWeeks(
            *key,
            tuple(
                _week(week, key, found[key], excuses, since, measured, middles or {})
                for week in weeks
            ),
        )
        for key in sorted(found)
    )


def _week(
    week: TeachingWeek,
    key: Key,
    rows: Sequence[OwnRow],
    excuses: Sequence[Excuse],
    since: Mapping[str, dt.date],
    measured: Mapping[str, frozenset[dt.date]],
    middles: Mapping[tuple[Key, dt.date], float],
) -> WeekShown:
    module, family, source = key
    days = sum(day in week for day in measured.get(source, ()))
    here = [row for row in rows if row.day in week]
    joined = since.get(module, dt.date.min)
    due = [
        row
        for row in here
        if row.expected and row.day >= joined and not any(each.covers(row) for each in excuses)
    ]
    if family is MarkerFamily.SUBMISSIONS:
        # A piece of work counts in the week in which it was due, whenever it was handed in.
        arrived = {row.item for row in rows if row.done}
        items = {row.item for row in due}
        expected, done = len(items), len(items & arrived)
    elif family in EXPECTING:
        expected, done = sum(row.expected for row in due), sum(row.done for row in here)
    else:
        expected, done = 0, len({row.day for row in here if row.done})
    is_known = days > 0
    return WeekShown(
        week,
        done if is_known else 0,
        expected if is_known else 0,
        is_known,
        is_known and days < 5,
        middles.get((key, week.monday)),
    )
