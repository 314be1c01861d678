"""Sessions attended in each of the last eight teaching weeks: the one marker that a card charts.

Activity of several sources is never added up: that would be one number for engagement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Evidence
from store.rules.model import MarkerFamily

WEEKS = 8
_DAYS = 7

Weeks = tuple[int | dict[str, list[int | None]], ...]
"""What is stored with a case: first, where attendance is measured, an object with the sessions of
each week; then the active days of each week, which earlier versions charted."""
_SESSIONS = "sessions"


def stored_weeks(evidence: Evidence, day: dt.date) -> Weeks:
    """Give what is stored with the student's case, as known on ``day``."""
    sessions = sessions_by_week(evidence, day)
    return ({_SESSIONS: list(sessions)}, *evidence.weeks) if sessions else evidence.weeks


def stored_sessions(weeks: Weeks) -> tuple[int | None, ...]:
    """Read the sessions from what is stored; () where attendance was not measured."""
    first = weeks[0] if weeks else None
    return tuple(first.get(_SESSIONS, ())) if isinstance(first, dict) else ()


def active_days(weeks: Weeks) -> tuple[int, ...]:
    """Read the active days of each week from what is stored."""
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


def _weeks_back(last: dt.date) -> Iterator[int]:
    """Give the days of each week as bits, the newest week first (``day_bits``)."""
    at, length = 0, last.weekday() + 1
    for _ in range(WEEKS):
        yield ((1 << length) - 1) << at
        at, length = at + length, _DAYS
