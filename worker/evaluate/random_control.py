"""The control: the same number of flags on the same days, given to students at random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from worker.evaluate.metrics import mean, of_list, precision
from worker.evaluate.presentations import Presentation
from worker.evaluate.replay import Stay

RUNS = 20

_AGAIN_AFTER = 28
"""Days after which a student may get another flag."""


def control_figures(
    presentation: Presentation, stays: Sequence[Stay], there: Mapping[int, list[int]]
) -> dict[str, float | None]:
    """Return the measures of a list, as means over the control's runs."""
    runs = [
        of_list(presentation, list(_dealt(presentation, stays, there, Random(run))), there)  # noqa: S311 -- reproducible chance, not cryptography
        for run in range(RUNS)
    ]
    return {name: mean([run[name] for run in runs]) for name in runs[0]}


def _dealt(
    presentation: Presentation,
    stays: Sequence[Stay],
    there: Mapping[int, list[int]],
    chance: Random,
) -> Iterator[Stay]:
    """Give each stay to a random registered student who is not on the list, for the same days."""
    until: dict[int, int] = defaultdict(int)
    for stay in sorted(stays, key=lambda stay: (stay.first, stay.student)):
        free = [student for student in there[stay.first] if until[student] < stay.first]
        if not free:
            continue
        student = chance.choice(free)
        last = min(stay.last, presentation.students[student].ends, presentation.last_day)
        until[student] = last
        yield Stay(student, stay.first, last)


def precision_at(
    presentation: Presentation,
    rate: float,
    weekly: Mapping[int, Sequence[int]],
) -> float | None:
    """Return the precision if the first ``rate`` per cent of each week's order are flagged.

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
    return precision(presentation, flagged)


def random_precision_at(
    presentation: Presentation, rate: float, weekly: Mapping[int, Sequence[int]]
) -> float | None:
    """Return the mean precision where students are flagged in random order, for comparison."""
    found = []
    for run in range(RUNS):
        chance = Random(run)  # noqa: S311 -- reproducible chance, not cryptography
        shuffled = {day: chance.sample(sorted(order), len(order)) for day, order in weekly.items()}
        found.append(precision_at(presentation, rate, shuffled))
    return mean(found)
