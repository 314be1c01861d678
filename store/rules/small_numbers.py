"""Figures about few people, as HESA's standard rounding methodology has them.

Counts go to the nearest 5, and a percentage of fewer than 22.5 people is not given: so nobody can
be told apart in them.
"""

from __future__ import annotations

SMALLEST = 22.5
"""People; of fewer no percentage is given."""


def rounded(people: int) -> int:
    """A count of people to the nearest 5, halves up."""
    return 5 * ((people + 2) // 5)


def share(some: int, of: int, people: int | None = None) -> float | None:
    """``some`` of ``of`` between 0 and 1, by the rounded counts; None where they are too few.

    ``people`` is how many people are behind it, where one can count more than once.
    """
    if (of if people is None else people) < SMALLEST:
        return None
    return min(1.0, rounded(some) / rounded(of))
