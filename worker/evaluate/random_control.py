"""The control: the same number of flags on the same days, given to students at random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from statistics import median

import numpy as np

from worker.evaluate.metrics import Sums, lead_days, mean, precision, sums_of_list
from worker.evaluate.presentations import Presentation
from worker.evaluate.replay import Stay

RUNS = 20
DEALT = 100
"""How often the list is dealt. Of a small class, chance reaches hardly anyone who withdraws: fewer
runs would say little of how often."""

_AGAIN_AFTER = 28
"""Days after which a student may get another flag."""
_DRAWS_AGAIN = 20


def control_sums(
    presentation: Presentation, stays: Sequence[Stay], there: Mapping[int, list[int]]
) -> tuple[Sums, float | None]:
    """Return the measures of a list, as means over the control's runs, and its median lead."""
    dealt = [
        list(_dealt(presentation, stays, there, Random(run)))  # noqa: S311 -- reproducible chance, not cryptography
        for run in range(DEALT)
    ]
    runs = [sums_of_list(presentation, each, there) for each in dealt]
    sums = {
        name: (
            np.mean([run[name][0] for run in runs], axis=0),
            np.mean([run[name][1] for run in runs], axis=0),
        )
        for name in runs[0]
    }
    leads = [[days for _, days in lead_days(presentation, each)] for each in dealt]
    return sums, mean([median(each) if each else None for each in leads])


def _dealt(
    presentation: Presentation,
    stays: Sequence[Stay],
    there: Mapping[int, list[int]],
    chance: Random,
) -> Iterator[Stay]:
    """Give each stay to a random registered student who is not on the list, for the same days."""
    until: dict[int, int] = defaultdict(int)
    for stay in sorted(stays, key=lambda stay: (stay.first, stay.student)):
        student = _free(there[stay.first], until, stay.first, chance)
        if student is None:
            continue
        last = min(stay.last, presentation.students[student].ends, presentation.last_day)
        until[student] = last
        yield Stay(student, stay.first, last)


def _free(there: Sequence[int], until: Mapping[int, int], day: int, chance: Random) -> int | None:
    """Return a random one of those who are not on the list; None where all of them are."""
    # Few are on the list, so that drawing again is much faster than looking at everyone.
    for _ in range(_DRAWS_AGAIN):
        student = there[int(chance.random() * len(there))]
        if until[student] < day:
            return student
    free = [each for each in there if until[each] < day]
    return chance.choice(free) if free else None


def first_of_each_week(rate: float, weekly: Mapping[int, Sequence[int]]) -> list[int]:
    """Return who is flagged if it is the first ``rate`` per cent of each week's order.

    ``weekly`` is each week's order of all registered students. No one is flagged twice within four
    weeks. Fractions of a flag carry over to the next week.
    """
    flagged: list[int] = []
    again: dict[int, int] = defaultdict(int)
    room = 0.0
    for day, order in sorted(weekly.items()):
        room += rate * len(order) / 100
        waiting = [student for student in order if again[student] <= day]
        for student in waiting[: int(room)]:
            again[student] = day + _AGAIN_AFTER
            flagged.append(student)
        room -= int(room)
    return flagged


def random_precision_at(
    presentation: Presentation, rate: float, weekly: Mapping[int, Sequence[int]]
) -> float | None:
    """Return the mean precision where students are flagged in random order, for comparison."""
    found = []
    for run in range(RUNS):
        chance = Random(run)  # noqa: S311 -- reproducible chance, not cryptography
        shuffled = {day: chance.sample(sorted(order), len(order)) for day, order in weekly.items()}
        found.append(precision(presentation, first_of_each_week(rate, shuffled)))
    return mean(found)
