"""Limit the new cases of a day: how many, which ones, and when a day is a surge.

A team with room for ten sees the ten with the strongest evidence. The others wait in the queue, and
are ranked again every day. Every fifth place goes to the student who has waited longest, so that no
student waits for ever behind others with stronger evidence. If a large share of a class
is flagged on one day, that usually means a problem with the data, so the day is held for the
module's organiser to check.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from store.rules.policies.policy import SchoolPolicy

TURN = 5
"""Every so many places, one goes to the student who has waited longest..."""
LONG_WAIT = dt.timedelta(days=7)
"""...if that is this long at least. A shorter wait is no reason to pass over stronger evidence."""


class HoldDecision(StrEnum):
    """A person's decision on a day that was held."""

    RELEASED = "released"
    """The data is right, so cases are opened."""
    DISMISSED = "dismissed"
    """The data is wrong, so no cases are opened."""


@dataclass(frozen=True, slots=True)
class Room:
    """The daily limit on new cases, and the limits for a surge."""

    a_day: int = 10
    surge_share: float = 0.05
    surge_from: int = 1
    """This many students of a class on one day are never a surge, however small the class."""
    holds_missed_work: bool = True
    """Whether missed work counts in a surge although the class's work has arrived as usual."""

    @classmethod
    def of(cls, policy: SchoolPolicy) -> Room:
        """Read the daily limit and the limits for a surge from the school's policy."""
        surge = policy.surge
        return cls(policy.capacity, surge.share, surge.at_least, surge.hold_missed_work)

    def before_a_surge(self, cohort: int) -> int:
        """Return how many of a cohort of this size can be flagged on one day without a hold."""
        # Shares are decimal fractions: 0.29 of 100 is 29, which floating point makes slightly less.
        return max(int(self.surge_share * cohort + 1e-9), self.surge_from)

    def on(self, registered: int) -> int:
        """Return how many of one cohort can get a case in a day without a surge."""
        return min(self.a_day, self.before_a_surge(registered))


@dataclass(frozen=True, slots=True)
class ModuleSurge:
    """One module on one day: how many students were flagged, and how many are on it."""

    module: str
    flagged: int
    cohort: int

    @property
    def share(self) -> float:
        """Return the share of the cohort that was flagged, from 0 to 1."""
        return self.flagged / self.cohort


def strongest(waiting: Collection[int], order: Iterable[int], room: int) -> list[int]:
    """Choose the students who get a case: ``order`` has the most evidence first.

    Students that ``order`` does not name come last.
    """
    known = [student for student in order if student in waiting]
    rest = sorted(set(waiting) - set(known))
    return [*known, *rest][: max(room, 0)]


def next_in_turn(
    waiting: Mapping[int, dt.date],
    order: Iterable[int],
    day: dt.date,
    a_day: int,
    taken: int = 0,
) -> list[int]:
    """Choose the students who get a case on ``day``: by evidence, and every fifth by waiting.

    ``waiting`` maps the students to the day since which they wait; ``order`` has the most evidence
    first. ``taken`` of the day's ``a_day`` places are used already. Places are counted on from day
    to day, so a school with one place a day has one such turn in five days.
    """
    by_evidence = strongest(waiting, order, len(waiting))
    place = {student: number for number, student in enumerate(by_evidence)}
    by_wait = sorted(
        (student for student, since in waiting.items() if day - since >= LONG_WAIT),
        key=lambda student: (waiting[student], place[student]),
    )
    strong, long = iter(by_evidence), iter(by_wait)
    chosen: dict[int, None] = {}
    first = day.toordinal() * a_day + taken + 1
    for number in range(first, first + min(a_day - taken, len(waiting))):
        turn = chain(long, strong) if number % TURN == 0 else strong
        chosen[next(each for each in turn if each not in chosen)] = None
    return list(chosen)


def surges(
    newly_flagged: Mapping[int, Collection[str]], cohorts: Mapping[str, int], room: Room
) -> list[ModuleSurge]:
    """List the modules on which too many students are flagged at once, the largest share first.

    ``newly_flagged`` has the modules that each student's new flags are about; ``cohorts`` how many
    are on each module. A module without any known student cannot surge.
    """
    flagged = Counter(module for modules in newly_flagged.values() for module in set(modules))
    found = [
        ModuleSurge(module, number, cohorts[module])
        for module, number in flagged.items()
        if cohorts.get(module) and number > room.before_a_surge(cohorts[module])
    ]
    return sorted(found, key=lambda surge: (-surge.share, surge.module))
