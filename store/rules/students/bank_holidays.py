"""Bank holidays of England and Wales, and the next working day that the law means."""

from __future__ import annotations

import datetime as dt
from functools import cache

_DAY = dt.timedelta(days=1)


def working_day_from(day: dt.date) -> dt.date:
    """Return this day, or the next that is no Saturday, Sunday or bank holiday.

    A day on which only the university is closed counts as a working day, as it does in law.
    """
    while day.weekday() >= 5 or day in bank_holidays(day.year):
        day += _DAY
    return day


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """Return the usual bank holidays of a year, with the days put in place of those at weekends.

    A holiday that is proclaimed for one year, such as a coronation, is not among them: what is due
    then is due a day earlier than it need be.
    """
    easter = _easter(year)
    found = {
        easter - 2 * _DAY,
        easter + _DAY,
        _monday_from(dt.date(year, 5, 1)),
        _monday_from(dt.date(year, 5, 25)),
        _monday_from(dt.date(year, 8, 25)),
    }
    for day in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        instead = day
        while instead.weekday() >= 5 or instead in found:
            instead += _DAY
        found.add(instead)
    return frozenset(found)


def _monday_from(day: dt.date) -> dt.date:
    return day + -day.weekday() % 7 * _DAY


def _easter(year: int) -> dt.date:
    """Return Easter Sunday, by the anonymous Gregorian computus."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, odd = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * odd + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
