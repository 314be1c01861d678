"""Decide when a flag ends because the student is back: by lasting presence, never one event.

These functions are shared. Each rule decides by its own measure what counts as being back, within
the school's clearing period.
"""

from __future__ import annotations

import datetime as dt

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import EIGHT_WEEKS, through
from store.rules.flag_rules.day_bits import first_of, last_of, since
from store.rules.flag_rules.evidence import SOURCES_APART, Evidence, Measure, Raised
from store.rules.flag_rules.measured_days import unmeasured_days

AT_LEAST = 2
"""Separate days on which a student has to be seen. Any one event falls on one day."""

TEACHING_IS_OVER = 28
"""Days in term with nothing expected, after which a flag about sessions has expired."""


def measures_of(evidence: Evidence, flag: Raised) -> list[Measure]:
    """Return the current measures of the flag's module, family and sources.

    Where the school has agreed other sources since, those are used instead.
    """
    same = [
        each
        for each in evidence.measures
        if each.module == flag.module and each.family is flag.family
    ]
    named = flag.source.split(SOURCES_APART)
    return [each for each in same if each.source in named] or same


def is_judged(evidence: Evidence, flag: Raised, day: dt.date) -> bool:
    """Return whether the whole clearing period comes after the last day the flag was found.

    Closures and days without a delivery prolong the period, and never end a flag by themselves.
    """
    first = first_of(evidence.period, day)
    return first is not None and first >= flag.last_found_on


def came_since(measure: Measure, flag: Raised, day: dt.date) -> tuple[int, int]:
    """Count days attended, and days with something expected, since the flag was last found."""
    days = since(flag.last_found_on, day)
    return (measure.days_seen & days).bit_count(), (measure.days_expected & days).bit_count()


def has_come_back(measure: Measure, flag: Raised, day: dt.date, times: int, share: float) -> bool:
    """Return whether the student has come since the flag was last found: on ``times`` days, two at
    least, and on at least this ``share`` of the days on which they were expected."""
    came, expected = came_since(measure, flag, day)
    return came >= max(times, AT_LEAST) and came >= share * expected


def nothing_expected(
    calendar: Calendar, evidence: Evidence, measure: Measure, flag: Raised, day: dt.date
) -> bool:
    """Return whether teaching is over: four weeks in term, all delivered, with nothing expected.

    An unmeasured day does not count, since it does not show what was expected on it.
    """
    _, expected = came_since(measure, flag, day)
    first, last_known = flag.last_found_on, min(through(day), measure.fresh)
    unknown = unmeasured_days(calendar, evidence, [measure.source], first, last_known)
    known = calendar.silent_days(through(first), last_known) - len(unknown)
    return not expected and known >= TEACHING_IS_OVER


def row_since(measure: Measure, flag: Raised, day: dt.date) -> dt.date:
    """Return the first day of a flagged run of absences, within the eight weeks checked.

    It is the day after the last presence before the flag was last found.
    """
    start = day - EIGHT_WEEKS
    last = last_of(measure.days_seen & ~since(flag.last_found_on, day), day)
    return max(start, last + dt.timedelta(days=1)) if last else start


def figure(flag: Raised, name: str, otherwise: int) -> int:
    """Return a whole number from the figures that the flag was raised with, or ``otherwise``."""
    found = flag.measured.get(name)
    return found if isinstance(found, int) else otherwise
