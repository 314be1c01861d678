"""Find the days that a file covers if nothing is declared: a robust range of its rows.

A file covers the days of its rows, and short gaps between them. A day far from all others with few
rows, such as from one mistyped month, is not part of the range: its rows are added, but neither
that day nor the days in between become known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

Period = tuple[dt.date, dt.date]
"""The first and the last day, both included."""

LONGEST_GAP = dt.timedelta(days=14)
"""The longest gap between days with rows that is covered. In a longer one the days are unknown: a
file without rows for a month does not show that nothing happened."""
LONGEST_GAP_OF_OCCASIONS = dt.timedelta(days=100)
"""The same for work and meetings, which most days do not have."""
NEAR = dt.timedelta(days=3)
"""A gap no longer than a weekend is always normal."""
THIN = 0.5
"""Separate days with fewer rows than this share of the median are far off."""


@dataclass(frozen=True, slots=True)
class OwnRange:
    """The days of a file: ``covered`` are the runs of days that it covers, ``apart`` the days far
    off.
    """

    covered: tuple[Period, ...]
    apart: tuple[dt.date, ...] = ()


def own_range(rows: Mapping[dt.date, int], *, occasional: bool = False) -> OwnRange:
    """Find the range from the number of rows of each day; ``occasional``: of work or meetings."""
    if not rows:
        return OwnRange(())
    days = sorted(rows)
    usual = _usual_gap(days)
    longest = LONGEST_GAP_OF_OCCASIONS if occasional else LONGEST_GAP
    typical = median(rows.values())
    odd = longest if occasional else min(longest, max(NEAR, 3 * usual))
    clusters = _split(days, odd)
    thick = [each for each in clusters if _mean(rows, each) >= THIN * typical]
    kept = sorted(day for each in thick for day in each)
    covered = tuple((run[0], run[-1]) for run in _split(kept, longest))
    return OwnRange(covered, tuple(day for day in days if not in_periods(day, covered)))


def in_periods(day: dt.date, periods: Sequence[Period]) -> bool:
    """Return whether the day is within one of these periods."""
    return any(first <= day <= last for first, last in periods)


def days_of(periods: Sequence[Period]) -> Iterator[dt.date]:
    """Yield every day of these periods, in order."""
    for first, last in periods:
        for offset in range((last - first).days + 1):
            yield first + dt.timedelta(days=offset)


def cut_periods(periods: Sequence[Period], last: dt.date) -> tuple[Period, ...]:
    """Cut these periods off after the day ``last``."""
    return tuple((first, min(end, last)) for first, end in periods if first <= last)


def _usual_gap(days: Sequence[dt.date]) -> dt.timedelta:
    """Return the median gap between days with rows."""
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return dt.timedelta(days=median(gaps)) if gaps else NEAR


def _split(days: Sequence[dt.date], longest: dt.timedelta) -> Iterator[list[dt.date]]:
    run: list[dt.date] = []
    for day in days:
        if run and day - run[-1] > longest:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _mean(rows: Mapping[dt.date, int], days: Sequence[dt.date]) -> float:
    return sum(rows[day] for day in days) / len(days)
