"""When a flag ends because the student is back: by presence that lasts, never by one event.

What the rules share. Each rule says by its own measure what counts as being back; the clearing
period of the school is the time in which it has to be seen.
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
"""Days in term without anything expected, after which a reason about sessions has expired."""


def measures_of(evidence: Evidence, flag: Raised) -> list[Measure]:
    """What raised the flag, as it is now: its module, family and source.

    Where the school has agreed other sources since, these are asked instead.
    """
    same = [
        each
        for each in evidence.measures
        if each.module == flag.module and each.family is flag.family
    ]
    named = flag.source.split(SOURCES_APART)
    return [each for each in same if each.source in named] or same


def is_judged(evidence: Evidence, flag: Raised, day: dt.date) -> bool:
    """Whether the whole clearing period lies after the last day on which the flag was found.

    Closures and days of which no source has delivered are not in the period, so they make it
    longer. They never let a flag end by themselves.
    """
    first = first_of(evidence.period, day)
    return first is not None and first >= flag.last_found_on


def came_since(measure: Measure, flag: Raised, day: dt.date) -> tuple[int, int]:
    """Days attended, and days with something expected, since the flag was last found."""
    days = since(flag.last_found_on, day)
    return (measure.days_seen & days).bit_count(), (measure.days_expected & days).bit_count()


def has_come_back(measure: Measure, flag: Raised, day: dt.date, times: int, share: float) -> bool:
    """Whether the student came on ``times`` days, never fewer than two, and to this share."""
    came, expected = came_since(measure, flag, day)
    return came >= max(times, AT_LEAST) and came >= share * expected


def nothing_expected(
    calendar: Calendar, evidence: Evidence, measure: Measure, flag: Raised, day: dt.date
) -> bool:
    """Whether teaching is over: four weeks in term, all delivered, with nothing expected.

    A day that was not measured says nothing of what was expected on it, so it does not count.
    """
    _, expected = came_since(measure, flag, day)
    first, last_known = flag.last_found_on, min(through(day), measure.fresh)
    unknown = unmeasured_days(calendar, evidence, [measure.source], first, last_known)
    known = calendar.silent_days(through(first), last_known) - len(unknown)
    return not expected and known >= TEACHING_IS_OVER


def row_since(measure: Measure, flag: Raised, day: dt.date) -> dt.date:
    """The first day that a raised row of absences can speak of: after the last presence before the
    flag was last found, if there is one, in the eight weeks that are looked at."""
    start = day - EIGHT_WEEKS
    last = last_of(measure.days_seen & ~since(flag.last_found_on, day), day)
    return max(start, last + dt.timedelta(days=1)) if last else start


def figure(flag: Raised, name: str, otherwise: int) -> int:
    """A whole number that the flag was raised with; ``otherwise`` where it has none."""
    found = flag.measured.get(name)
    return found if isinstance(found, int) else otherwise
