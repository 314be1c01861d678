"""Rank students: by how many independent families agree, how strongly, and for how long.

No student gets a score. Within each family the students are ordered by how long the signs have
lasted and how strong they are; then each student's places in the families are combined, each family
alike. So two families that agree outweigh one that is extreme. Nothing is fitted to past students,
so no student is judged by what others did.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.model import MarkerFamily

_ANY_NUMBER = lcm(*range(1, len(MarkerFamily) + 1))
"""Divisible by every number of families."""

Strength = tuple[float, ...]
"""Duration and strength of a sign. Larger is more evidence; only the order is used: of whole
numbers as small as these, equal shares are equal as floats, and others differ."""


def in_order(students: Iterable[Evidence]) -> list[int]:
    """Order the students, those with the most evidence first; equals by their number."""
    places, _ = _in_whole_numbers(students)
    return sorted(places, key=lambda student: (-places[student], student))


def case_place(families: int, reasons: int, since: dt.date) -> tuple[int, int, dt.date]:
    """Return the sort key of an open case: most families, then most reasons, then oldest."""
    return -families, -reasons, since


def standing(students: Iterable[Evidence]) -> Mapping[int, Fraction]:
    """Return the mean square of each student's places (0 to 1, 1 is first) in the known families.

    Squares, since being at the extreme of a class says more than being in its middle: a student who
    is quiet in one family and well in another comes before one in the middle of both. For ordering
    only; it is never shown, and cannot be compared between days. A family without data on a student
    is left out: missing is not zero.
    """
    places, whole = _in_whole_numbers(students)
    return {student: Fraction(place, whole) for student, place in places.items()}


def _in_whole_numbers(students: Iterable[Evidence]) -> tuple[dict[int, int], int]:
    """Return the mean squares as whole numbers of one size, and the number that stands for 1: to
    add up and compare as many fractions takes ten times as long."""
    given = list(students)
    of_family = [
        {each.student: found for each in given if (found := strength(each, family))}
        for family in MarkerFamily
    ]
    last = lcm(*(2 * len(known) or 1 for known in of_family))
    places: dict[int, list[int]] = {each.student: [] for each in given}
    for known in of_family:
        for student, place in _places(known, last).items():
            places[student].append(place**2)
    means = {
        student: sum(each) * _ANY_NUMBER // len(each) if each else 0
        for student, each in places.items()
    }
    return means, _ANY_NUMBER * last**2


def strength(evidence: Evidence, family: MarkerFamily) -> Strength | None:
    """Return the strength of a family's evidence; ``None`` where it has no measure."""
    measures = [each for each in evidence.measures if each.family is family]
    return _STRENGTHS.get(family, _done_less)(measures) if measures else None


def _quieter(measures: Sequence[Measure]) -> Strength:
    """Add up the weeks missed: for each, how much less the student was there than the class.

    A week with more activity than the class makes up for no other week, and a week in which the
    class is away counts for nothing.
    """
    return (
        sum(
            max(0.0, 1 - own / of_class)
            for each in measures
            for own, of_class in zip(each.weeks, each.class_weeks, strict=False)
            if of_class >= 1
        ),
    )


def _later(measures: Sequence[Measure]) -> Strength | None:
    """Return the mean days that work is late; missing work is as late as it is by now."""
    due = sum(each.work_due for each in measures)
    return (sum(each.days_late for each in measures) / due,) if due else None


def _absent(measures: Sequence[Measure]) -> Strength | None:
    """Return the absences in a row, then the share missed in four weeks."""
    expected = sum(each.expected_28 for each in measures)
    if not expected:
        return None
    done = sum(each.done_28 for each in measures)
    return max(each.absences for each in measures), -done / expected


def _done_less(measures: Sequence[Measure]) -> Strength:
    """Return, for the other families, the fewest active days in four weeks as the strongest."""
    return (-sum(each.active_days_28 for each in measures),)


_STRENGTHS: Mapping[MarkerFamily, Callable[[Sequence[Measure]], Strength | None]] = {
    MarkerFamily.VLE: _quieter,
    MarkerFamily.SUBMISSIONS: _later,
    MarkerFamily.ATTENDANCE: _absent,
}


def _places(known: Mapping[int, Strength], last: int) -> dict[int, int]:
    """Return places from 0 to ``last``, a multiple of twice their number. Ties share their mean
    place, so that no order is invented."""
    by_strength: dict[Strength, list[int]] = defaultdict(list)
    for student, found in known.items():
        by_strength[found].append(student)
    places: dict[int, int] = {}
    below = 0
    for _, equals in sorted(by_strength.items()):
        place = (2 * below + len(equals)) * (last // (2 * len(known)))
        places |= dict.fromkeys(equals, place)
        below += len(equals)
    return places
