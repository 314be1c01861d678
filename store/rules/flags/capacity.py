"""Limit the new cases of a day: how many, which ones, and when a day is a surge.

A team with room for ten sees the ten with the strongest evidence. The others wait in the queue, and
are ranked again every day. If a large share of a class is flagged on one day, that usually means a
problem with the data, so the day is held for the module's organiser to check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.rules.policies.policy import SchoolPolicy


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

    @classmethod
    def of(cls, policy: SchoolPolicy) -> Room:
        """Read the daily limit and the limits for a surge from the school's policy."""
        return cls(policy.capacity, policy.surge.share, policy.surge.at_least)

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
