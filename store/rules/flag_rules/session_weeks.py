"""Sessions attended in each of the last eight teaching weeks: the one marker that a card charts.

Activity of several sources is never added up: that would be a single engagement score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.measured_days import ONE_DAY, missing_days, unmeasured_days
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted

WEEKS = 8
_DAYS = 7

Weeks = tuple[int | dict[str, list[int | None]], ...]
"""What is stored with a case: first, where attendance is measured, an object with the sessions of
each week, and how many of its school days were measured; then the active days of each week, which
earlier versions charted."""
_SESSIONS, _MEASURED, _OF = "sessions", "measured", "of"


def stored_weeks(evidence: Evidence, day: dt.date, calendar: Calendar) -> Weeks:
    """Return the chart data to store with the student's case, as known on ``day``."""
    sessions = sessions_by_week(evidence, day)
    if not sessions:
        return evidence.weeks
    measured, of = zip(*days_by_week(evidence, day, calendar), strict=True)
    return ({_SESSIONS: list(sessions), _MEASURED: list(measured), _OF: list(of)}, *evidence.weeks)


def stored_sessions(weeks: Weeks) -> tuple[int | None, ...]:
    """Return the sessions from stored chart data; () where attendance was not measured."""
    first = weeks[0] if weeks else None
    return tuple(first.get(_SESSIONS, ())) if isinstance(first, dict) else ()


def stored_days(weeks: Weeks) -> tuple[tuple[int, int], ...]:
    """Return (days measured, school days) of each stored week; () from earlier versions."""
    first = weeks[0] if weeks else None
    if not isinstance(first, dict):
        return ()
    pairs = zip(first.get(_MEASURED, ()), first.get(_OF, ()), strict=True)
    return tuple((measured or 0, of or 0) for measured, of in pairs)


def active_days(weeks: Weeks) -> tuple[int, ...]:
    """Return the active days of each week from stored chart data."""
    return tuple(week for week in weeks if isinstance(week, int))


def sessions_by_week(evidence: Evidence, day: dt.date) -> tuple[int | None, ...]:
    """Count the sessions attended from Monday to Sunday, oldest week first, on the school's own
    modules; None for a week in which none is known to have been held.

    The last week may still be under way. One session of a module is counted a day. Gives () where
    no sessions at all are known.
    """
    measures = [each for each in evidence.measures if each.family is MarkerFamily.ATTENDANCE]
    found: list[int | None] = []
    for mask in _weeks_back(through(day)):
        held = sum((each.days_expected & mask).bit_count() for each in measures)
        done = sum((each.days_expected & each.days_seen & mask).bit_count() for each in measures)
        found.append(done if held else None)
    return tuple(reversed(found)) if any(each is not None for each in found) else ()


def days_by_week(
    evidence: Evidence, day: dt.date, calendar: Calendar
) -> tuple[tuple[int, int], ...]:
    """Count (days measured, all school days) for the same weeks, up to the day before ``day``.

    A day is measured where every source of attendance has delivered it.
    """
    sources = {each.source for each in evidence.measures if each.family is MarkerFamily.ATTENDANCE}
    last, found = through(day), []
    monday = last - ONE_DAY * last.weekday()
    for first in (monday - dt.timedelta(weeks=ago) for ago in reversed(range(WEEKS))):
        end = min(last, first + ONE_DAY * (_DAYS - 1))
        of = len(missing_days(calendar, (), first, end))
        unknown = len(unmeasured_days(calendar, evidence, sources, first, end))
        found.append((of - unknown, of))
    return tuple(found)


def said_of_week(attended: int | None, measured: int, of: int) -> str:
    """Write a week's sessions. An unmeasured week is neither 0 nor "no sessions"."""
    if not measured and of and not attended:
        return "no data"
    said = "no sessions" if attended is None else str(attended)
    return f"{said} ({measured} of {counted(of, 'day')} measured)" if measured < of else said


def _weeks_back(last: dt.date) -> Iterator[int]:
    """Yield the days of each week as bits, the newest week first (``day_bits``)."""
    at, length = 0, last.weekday() + 1
    for _ in range(WEEKS):
        yield ((1 << length) - 1) << at
        at, length = at + length, _DAYS
