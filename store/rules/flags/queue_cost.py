"""What the daily limit costs: how long students wait, and who is not reached.

The forecast moves the queue on by the screening's own turns. It adds as many students a day as came
in the last weeks, somewhere in the order, and takes away as many as left without a case. It is an
expectation for the team's planning; no student is told a place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

from store.rules.flags.capacity import next_in_turn
from store.rules.text.formatting import counted

MORE = 5
"""The further places a day whose effect is said."""
FURTHEST = 60
"""Days ahead that are forecast. Later than that, flags have mostly ended."""
_GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole part, are spread evenly: no chance is needed."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What changes the queue in a day, on average over the last weeks."""

    new: float
    """Students who come to need a case."""
    leaves: float
    """The share of those who wait, 0 to 1, whose flags end before they get one."""


@dataclass(frozen=True, slots=True)
class QueueCost:
    """The expected wait of each place in the queue at one daily limit."""

    a_day: int
    waits: tuple[int | None, ...]
    """Days from today, the strongest evidence first. None: not reached in ``FURTHEST`` days, or the
    flags have ended first."""

    @property
    def never(self) -> int:
        """Count the students who are not reached."""
        return sum(each is None for each in self.waits)


def forecast(since: Sequence[dt.date], day: dt.date, a_day: int, flow: Flow) -> QueueCost:
    """Forecast the queue from tomorrow on.

    ``since`` has the first flag of each student, the strongest evidence first.
    """
    waiting: dict[int, dt.date] = dict(enumerate(since))
    line, ids, spread = list(waiting), count(len(since)), count(1)
    waits: dict[int, int] = {}
    new = left = 0.0
    for ahead in range(1, FURTHEST + 1):
        if not any(each < len(since) for each in line):
            break
        date = day + dt.timedelta(days=ahead)
        new, left = new + flow.new, left + flow.leaves * len(line)
        for _ in range(int(left)):
            if line:
                del waiting[line.pop(int(len(line) * (next(spread) * _GOLDEN % 1)))]
        for _ in range(int(new)):
            student = next(ids)
            line.insert(int((len(line) + 1) * (next(spread) * _GOLDEN % 1)), student)
            waiting[student] = date
        new, left = new % 1, left % 1
        taken = next_in_turn(waiting, line, date, a_day)
        waits |= dict.fromkeys(taken, ahead)
        line = [each for each in line if each not in set(taken)]
        for student in taken:
            del waiting[student]
    return QueueCost(a_day, tuple(waits.get(place) for place in range(len(since))))


def describe_costs(now: QueueCost, more: QueueCost) -> list[str]:
    """Say in two sentences what the daily limit means for those who wait; [] where none waits."""
    if not now.waits:
        return []
    return [f"{_described(now)}.", f"{_described(more)}."]


def _described(cost: QueueCost) -> str:
    size = len(cost.waits)
    places = dict.fromkeys([1, ceil(size / 2), size])
    said = [f"place {place} {_in_days(cost.waits[place - 1])}" for place in places if place <= size]
    never = f"; {cost.never} of {size} are not reached" if cost.never else "; all are reached"
    return f"At {counted(cost.a_day, 'new case')} a day: {', '.join(said)}{never}"


def _in_days(days: int | None) -> str:
    return (
        f"not within {counted(FURTHEST, 'day')}" if days is None else f"in {counted(days, 'day')}"
    )
