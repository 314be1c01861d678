"""The periods of fairness reports: academic years, which never overlap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

AUGUST = 8
SETTLING = dt.timedelta(days=28)
"""A year can be reported so long after its end: by then its last cases had time for an answer."""


@dataclass(frozen=True, slots=True)
class AcademicYear:
    """The year from 1 August to 31 July.

    Shorter periods, or such as a reader chooses, would differ by few students. Then the difference
    of two reports would tell to which group those belong.
    """

    first: dt.date

    @property
    def last(self) -> dt.date:
        """Return the last day, the 31st of July."""
        return self.following.first - dt.timedelta(days=1)

    @property
    def following(self) -> AcademicYear:
        """Return the year that begins after its last day."""
        return AcademicYear(self.first.replace(year=self.first.year + 1))

    @property
    def reported_from(self) -> dt.date:
        """Return the first day on which it can be reported; later events do not count."""
        return self.following.first + SETTLING

    def holds(self, day: dt.date) -> bool:
        """Return whether a day is within the year."""
        return self.first <= day <= self.last


def year_of(day: dt.date) -> AcademicYear:
    """Return the year that holds a day."""
    began = day.year if day.month >= AUGUST else day.year - 1
    return AcademicYear(dt.date(began, AUGUST, 1))


def newest_year(today: dt.date) -> AcademicYear:
    """Return the newest year that can be reported."""
    return year_of(year_of(today - SETTLING).first - dt.timedelta(days=1))


def years_within(first: dt.date, last: dt.date, today: dt.date) -> Iterator[AcademicYear]:
    """Yield the years that lie wholly between two days, both included, and can be reported."""
    year = year_of(first)
    if year.first < first:
        year = year.following
    while year.last <= last and year.reported_from <= today:
        yield year
        year = year.following
