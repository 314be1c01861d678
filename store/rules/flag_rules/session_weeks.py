"""Sessions attended in each of the last eight teaching weeks: the one marker that a card charts.

Activity of several sources is never added up: that would be a single engagement score.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flag_rules.measured_days import ONE_DAY, missing_days, unmeasured_days
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted

WEEKS = 8
CLASS_WITH_MEDIAN = 10
"""Students with data. The median of fewer says too much about single classmates (§18)."""
_DAYS = 7

Weeks = tuple[int | dict[str, list[float | None]], ...]
"""What is stored with a case: first, where attendance is measured, an object with the sessions of
each week, how many of its school days were measured, and the class median; then the active days of
each week, which earlier versions charted."""
_SESSIONS, _MEASURED, _OF, _MEDIAN = "sessions", "measured", "of", "median"


def stored_weeks(evidence: Evidence, day: dt.date, calendar: Calendar) -> Weeks:
    """Return the chart data to store with the student's case, as known on ``day``."""
    sessions = sessions_by_week(evidence, day)
    if not sessions:
        return evidence.weeks
    measured, of = zip(*days_by_week(evidence, day, calendar), strict=True)
    stored: dict[str, list[float | None]] = {
        _SESSIONS: list(sessions),
        _MEASURED: list(measured),
        _OF: list(of),
        _MEDIAN: list(class_by_week(evidence, day)),
    }
    return (stored, *evidence.weeks)


class Charts(Mapping[int, Weeks]):
    """Each student's chart data, computed on request: few of the measured students get a case."""

    def __init__(self, evidence: Iterable[Evidence], day: dt.date, calendar: Calendar) -> None:
        self._evidence = {each.student: each for each in evidence}
        self._day, self._calendar = day, calendar
        self._made: dict[int, Weeks] = {}

    def __getitem__(self, student: int) -> Weeks:
        if student not in self._made:
            self._made[student] = stored_weeks(self._evidence[student], self._day, self._calendar)
        return self._made[student]

    def __iter__(self) -> Iterator[int]:
        return iter(self._evidence)

    def __len__(self) -> int:
        return len(self._evidence)


def stored_sessions(weeks: Weeks) -> tuple[int | None, ...]:
    """Return the sessions from stored chart data; () where attendance was not measured."""
    found = _stored(weeks, _SESSIONS)
    return tuple(None if each is None else int(each) for each in found)


def stored_days(weeks: Weeks) -> tuple[tuple[int, int], ...]:
    """Return (days measured, school days) of each stored week; () from earlier versions."""
    pairs = zip(_stored(weeks, _MEASURED), _stored(weeks, _OF), strict=True)
    return tuple((int(measured or 0), int(of or 0)) for measured, of in pairs)


def stored_median(weeks: Weeks) -> tuple[float | None, ...]:
    """Return the class median of each stored week; () where no class has ten students with data."""
    return tuple(_stored(weeks, _MEDIAN))


def _stored(weeks: Weeks, name: str) -> list[float | None]:
    first = weeks[0] if weeks else None
    return first.get(name, []) if isinstance(first, dict) else []


def active_days(weeks: Weeks) -> tuple[int, ...]:
    """Return the active days of each week from stored chart data."""
    return tuple(week for week in weeks if isinstance(week, int))


def sessions_by_week(evidence: Evidence, day: dt.date) -> tuple[int | None, ...]:
    """Count the sessions attended from Monday to Sunday, oldest week first, on the school's own
    modules; None for a week in which none is known to have been held.

    The last week may still be under way. One session of a module is counted a day. Gives () where
    no sessions at all are known.
    """
    measures = _attendance(evidence)
    found: list[int | None] = []
    for mask in weeks_back(through(day)):
        held = sum((each.days_expected & mask).bit_count() for each in measures)
        done = sum((each.days_expected & each.days_seen & mask).bit_count() for each in measures)
        found.append(done if held else None)
    return tuple(reversed(found)) if any(each is not None for each in found) else ()


def class_by_week(evidence: Evidence, day: dt.date) -> tuple[float | None, ...]:
    """Return the class median of the same weeks, added up over the student's modules of each week.

    None for a week in which one of them has fewer than ten students with data. Gives () where no
    week has a median.
    """
    measures = _attendance(evidence)
    found: list[float | None] = []
    for ago, mask in enumerate(weeks_back(through(day)), start=1):
        middles = [
            each.class_sessions[-ago] if each.class_sessions else None
            for each in measures
            if each.days_expected & mask
        ]
        known = [middle for middle in middles if middle is not None]
        found.append(sum(known) if known and len(known) == len(middles) else None)
    return tuple(reversed(found)) if any(each is not None for each in found) else ()


def _attendance(evidence: Evidence) -> list[Measure]:
    return [each for each in evidence.measures if each.family is MarkerFamily.ATTENDANCE]


def days_by_week(
    evidence: Evidence, day: dt.date, calendar: Calendar
) -> tuple[tuple[int, int], ...]:
    """Count (days measured, all school days) for the same weeks, up to the day before ``day``.

    A day is measured where every source of attendance has delivered it.
    """
    sources = {each.source for each in _attendance(evidence)}
    last = through(day)
    first = last - ONE_DAY * last.weekday() - dt.timedelta(weeks=WEEKS - 1)

    def by_week(days: Iterable[dt.date]) -> Counter[int]:
        return Counter((each - first).days // _DAYS for each in days)

    of = by_week(missing_days(calendar, (), first, last))
    unknown = by_week(unmeasured_days(calendar, evidence, sources, first, last))
    return tuple((of[week] - unknown[week], of[week]) for week in range(WEEKS))


def said_of_week(attended: int | None, measured: int, of: int) -> str:
    """Write a week's sessions. An unmeasured week is neither 0 nor "no sessions"."""
    if not measured and of and not attended:
        return "no data"
    said = "no sessions" if attended is None else str(attended)
    return f"{said} ({measured} of {counted(of, 'day')} measured)" if measured < of else said


def weeks_back(last: dt.date) -> Iterator[int]:
    """Yield the days of each week up to ``last`` as bits, the newest week first (``day_bits``)."""
    at, length = 0, last.weekday() + 1
    for _ in range(WEEKS):
        yield ((1 << length) - 1) << at
        at, length = at + length, _DAYS
