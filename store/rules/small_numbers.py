"""Figures about few people, as HESA's standard rounding methodology has them.

Counts are rounded to the nearest 5. No percentage is given for fewer than 22.5 people, nor an
average for 7 people or fewer, so that no person can be identified. ``Figures`` makes every
published figure, one instance for each report, so that its figures cannot be used to reverse each
other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TypeVar

SMALLEST = 22.5
"""A percentage is given for at least so many people."""
Z95 = NormalDist().inv_cdf(0.975)
"""Standard errors to either side of a figure that make its 95% range."""
FEWEST_FOR_AVERAGE = 8
"""An average is given for at least so many people."""

Word = TypeVar("Word")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Figures:
    """Makes the figures of one report: all exact, or all rounded."""

    exact: bool

    def number(self, people: int) -> int:
        """Return a count, to the nearest 5 where it is published."""
        return people if self.exact else rounded(people)

    def parts(self, counts: Iterable[tuple[Word, int]]) -> tuple[tuple[Word, int], ...]:
        """Return a total's parts; those that round to 0 are left out, as if they were 0."""
        made = ((word, self.number(people)) for word, people in counts)
        return tuple((word, number) for word, number in made if number)

    def share(self, some: int, of: int, people: int | None = None) -> float | None:
        """Return ``some / of`` from 0 to 1; None where they are too few, or none."""
        if self.exact:
            return some / of if of else None
        return share(some, of, people)

    def average(self, value: Value, people: int) -> Value | None:
        """Return an average or a median; None where too few people are behind it."""
        return value if people and (self.exact or people >= FEWEST_FOR_AVERAGE) else None


EXACT = Figures(True)
"""For a school's own lead, who sees each case anyhow."""
PUBLISHED = Figures(False)
"""For all other readers."""


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The days that a report covers, and the moment as of which it counts.

    ``until`` is the first day after it; None: up to now.
    """

    since: dt.date
    until: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Return whether a day is within the period."""
        return self.since <= day and (self.until is None or day < self.until)

    def known(self, day: dt.date) -> bool:
        """Return whether events on this day are counted: those before the end of the period."""
        return self.until is None or day < self.until


def whole_weeks(since: dt.date, today: dt.date) -> ReportPeriod:
    """Return the whole weeks from the Monday of ``since`` to the last Sunday.

    A published report covers whole weeks, as of their end. If it could be made after each case, or
    from any day, the moment at which a rounded figure changes would reveal the exact one.
    """
    return ReportPeriod(_monday(since), max(_monday(since), _monday(today)))


def rounded(people: int) -> int:
    """Return a count of people to the nearest 5, halves up."""
    return 5 * ((people + 2) // 5)


def share(some: int, of: int, people: int | None = None) -> float | None:
    """Return ``some / of`` from 0 to 1, by the rounded counts; None where they are too few.

    ``people`` is the number of people behind ``of``, where one person can count more than once.
    """
    if (of if people is None else people) < SMALLEST:
        return None
    return min(1.0, rounded(some) / rounded(of))


def rate_range(some: int, of: int) -> tuple[float, float]:
    """Return the 95% range of a rate from 0 to 1 by E. B. Wilson (1927)."""
    rate, square = some / of, Z95**2
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = Z95 * sqrt(rate * (1 - rate) / of + square / (4 * of**2)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
