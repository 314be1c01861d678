"""Statistics of rates and waiting times: ranges, comparisons, and many comparisons at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb, floor, sqrt
from statistics import NormalDist, median
from typing import TypeVar

from store.rules.fairness.protect import BASE, OFF
from store.rules.small_numbers import Z95, rate_range

_NORMAL = NormalDist()
Z80 = _NORMAL.inv_cdf(0.8)
LEVEL = 0.05
"""The chance of one or more findings in a whole report where no groups differ."""
_EXACT = 200
_ROUNDING = BASE - 1
"""The variance of a count by its random rounding, at most."""

Key = TypeVar("Key")


def wilson(some: int, of: int) -> tuple[float, float]:
    """Return the 95% range of a rate from 0 to 1 by E. B. Wilson (1927), wider by the rounding."""
    fewest, most = max(0, some - OFF), min(of, some + OFF)
    return rate_range(fewest, of)[0], rate_range(most, of)[1]


def compare_rates(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return how likely chance makes two rates ``(some, of)`` differ so much or more, from 0 to 1.

    The variance includes that of the rounding, so that rounding finds nothing by itself.
    """
    apart = abs(one[0] / one[1] - other[0] / other[1])
    return 2 * (1 - _NORMAL.cdf(apart / _error(one, other)))


def smallest_shown(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the smallest difference of two rates that these numbers would show four times in
    five."""
    return min(1.0, (Z95 + Z80) * _error(one, other))


def _error(one: tuple[int, int], other: tuple[int, int]) -> float:
    together = (one[0] + other[0]) / (one[1] + other[1])
    sampling = together * (1 - together) * (1 / one[1] + 1 / other[1])
    return sqrt(max(0.0, sampling) + _ROUNDING / one[1] ** 2 + _ROUNDING / other[1] ** 2)


def median_range(days: Sequence[int]) -> tuple[int, int, int]:
    """Return the median and its 95% range by order statistics, for 6 values or more."""
    ordered = sorted(days)
    n = len(ordered)
    return round(median(ordered)), ordered[_rank(n) - 1], ordered[n - _rank(n)]


def _rank(n: int) -> int:
    """Return the rank of the lower end, counted from 1; the upper end is as far from the last."""
    if n > _EXACT:
        return floor(n / 2 - Z95 * sqrt(n) / 2)
    rank, tail = 1, 1 / 2**n
    while 2 * (tail + comb(n, rank) / 2**n) <= LEVEL:
        tail += comb(n, rank) / 2**n
        rank += 1
    return rank


def compare_times(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how likely chance makes two groups wait so differently, by Mann and Whitney (1947)."""
    both = sorted([*((day, 0) for day in one), *((day, 1) for day in other)])
    n, m = len(one), len(other)
    ranks, ties, at = 0.0, 0, 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        ranks += (at + end + 1) / 2 * sum(not which for _, which in both[at:end])
        ties += (end - at) ** 3 - (end - at)
        at = end
    total = n + m
    spread = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if spread <= 0:
        return 1.0
    apart = abs(ranks - n * (n + 1) / 2 - n * m / 2)
    return 2 * (1 - _NORMAL.cdf(max(0.0, apart - 0.5) / sqrt(spread)))


def adjusted(chances: Mapping[Key, float]) -> dict[Key, float]:
    """Adjust the chances of many comparisons together, by S. Holm (1979)."""
    found, before = dict[Key, float](), 0.0
    for rank, (key, chance) in enumerate(sorted(chances.items(), key=lambda each: each[1])):
        before = max(before, min(1.0, chance * (len(chances) - rank)))
        found[key] = before
    return found
