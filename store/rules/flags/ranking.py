"""Who comes first: by how many independent families agree, how strongly, and for how long.

Nobody is given a number. Within each family the students are put in order, by how long it has
lasted and how strong it is; then the places that a student has in the families are taken together,
each family alike. Two families that agree thereby outweigh one that is extreme. Nothing is fitted
to past students, so nobody is treated as others like them were.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.model import MarkerFamily

Strength = tuple[Fraction | float, ...]
"""How long and how strong. Larger is more evidence; only its order among others is used."""


def in_order(students: Iterable[Evidence]) -> list[int]:
    """The students, those with the most evidence first; equals by their number."""
    places = standing(students)
    return sorted(places, key=lambda student: (-places[student], student))


def case_place(families: int, reasons: int, since: dt.date) -> tuple[int, int, dt.date]:
    """Where an open case stands among others: families that agree, reasons, then the longest."""
    return -families, -reasons, since


def standing(students: Iterable[Evidence]) -> Mapping[int, Fraction]:
    """The mean square of each student's places (0 to 1, 1 is first) in the families known of them.

    Squares, since to be among the last of a class says more than to be in its middle: who has
    gone quiet in one family and is well in another comes before who is in the middle of both.
    For putting students in order only; it is never shown, and it means nothing between days. A
    family of which nothing is known of a student is left out: missing is not zero.
    """
    given = list(students)
    places: dict[int, list[Fraction]] = {each.student: [] for each in given}
    for family in MarkerFamily:
        known = {each.student: found for each in given if (found := strength(each, family))}
        for student, place in _places(known).items():
            places[student].append(place**2)
    return {
        student: sum(each, Fraction(0)) / len(each) if each else Fraction(0)
        for student, each in places.items()
    }


def strength(evidence: Evidence, family: MarkerFamily) -> Strength | None:
    """What the family says of a student; ``None`` where it has no measure that speaks."""
    measures = [each for each in evidence.measures if each.family is family]
    return _STRENGTHS.get(family, _done_less)(measures) if measures else None


def _quieter(measures: Sequence[Measure]) -> Strength:
    """Weeks that the student has missed: of each as much as they were there less than the class.

    To be there more than the class makes up for no other week, and a week in which the class is
    away says nothing.
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
    """Days that work is late on average; what is missing is as late as it is by now."""
    due = sum(each.work_due for each in measures)
    return (Fraction(sum(each.days_late for each in measures), due),) if due else None


def _absent(measures: Sequence[Measure]) -> Strength | None:
    """Absences in a row; then the share missed in four weeks."""
    expected = sum(each.expected_28 for each in measures)
    if not expected:
        return None
    done = sum(each.done_28 for each in measures)
    return max(each.absences for each in measures), -Fraction(done, expected)


def _done_less(measures: Sequence[Measure]) -> Strength:
    """For the other families: the fewest active days in four weeks."""
    return (-sum(each.active_days_28 for each in measures),)


_STRENGTHS: Mapping[MarkerFamily, Callable[[Sequence[Measure]], Strength | None]] = {
    MarkerFamily.VLE: _quieter,
    MarkerFamily.SUBMISSIONS: _later,
    MarkerFamily.ATTENDANCE: _absent,
}


def _places(known: Mapping[int, Strength]) -> dict[int, Fraction]:
    """Places from 0 to 1. Equals share the middle of theirs, so that no order is made up."""
    by_strength: dict[Strength, list[int]] = defaultdict(list)
    for student, found in known.items():
        by_strength[found].append(student)
    places: dict[int, Fraction] = {}
    below = 0
    for _, equals in sorted(by_strength.items()):
        places |= dict.fromkeys(equals, Fraction(2 * below + len(equals), 2 * len(known)))
        below += len(equals)
    return places
