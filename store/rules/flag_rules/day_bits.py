"""Days of the last eight weeks as bits of one number, as the measures deliver them.

Bit 0 is the last day that counts, the day before the screened one; bit 55 is the first.
"""

from __future__ import annotations

import datetime as dt

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import through

BITS = 56
_ONE_DAY = dt.timedelta(days=1)


def counting_days(calendar: Calendar, day: dt.date) -> int:
    """Return the days before ``day`` on which inactivity counts: in term, and not closed."""
    last = through(day)
    return sum(1 << ago for ago in range(BITS) if calendar.counts(last - _ONE_DAY * ago))


def newest(bits: int, number: int) -> int:
    """Return the newest ``number`` of these days; 0 where there are fewer."""
    found = 0
    for _ in range(number):
        lowest = bits & -bits
        if not lowest:
            return 0
        found |= lowest
        bits ^= lowest
    return found


def since(first: dt.date, day: dt.date) -> int:
    """Return all days from ``first`` up to the day before ``day``; 0 where there are none."""
    days = (day - first).days
    return (1 << min(days, BITS)) - 1 if days > 0 else 0


def first_of(bits: int, day: dt.date) -> dt.date | None:
    """Return the oldest of these days; None where there are none."""
    return through(day) - _ONE_DAY * (bits.bit_length() - 1) if bits else None


def last_of(bits: int, day: dt.date) -> dt.date | None:
    """Return the newest of these days; None where there are none."""
    return through(day) - _ONE_DAY * ((bits & -bits).bit_length() - 1) if bits else None
