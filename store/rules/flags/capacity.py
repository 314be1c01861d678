"""How many new cases a school takes up in a day, which ones, and when a day is a surge.

A team that has room for ten sees the ten with the strongest evidence; the others wait where
everybody can see it, and are put in order again every day. A day on which a large share of a
class is flagged at once says more about the data than about the students, so it is held for the
module's organiser to look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.rules.policies.policy import SchoolPolicy


class HoldDecision(StrEnum):
    """What a person said about a day that was held."""

    RELEASED = "released"
    """The data are right, so the students are taken up."""
    DISMISSED = "dismissed"
    """The data are wrong, so nobody is asked about them."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many students a school takes up in a day, and how many are no surge."""

    a_day: int = 10
    surge_share: float = 0.05
    surge_from: int = 1
    """So many of a class on one day are never a surge, however small it is."""

    @classmethod
    def of(cls, policy: SchoolPolicy) -> Room:
        """What the school has decided."""
        return cls(policy.capacity, policy.surge.share, policy.surge.at_least)

    def before_a_surge(self, cohort: int) -> int:
        """How many of a cohort of this size can be flagged on one day without a question."""
        # Shares are decimal fractions: 0.29 of 100 is 29, which floating point makes slightly less.
        return max(int(self.surge_share * cohort + 1e-9), self.surge_from)

    def on(self, registered: int) -> int:
        """How many of one cohort are taken up: as many as there is room for, and no surge."""
        return min(self.a_day, self.before_a_surge(registered))


@dataclass(frozen=True, slots=True)
class Surge:
    """One module, one day: how many were flagged at once, of how many."""

    module: str
    flagged: int
    cohort: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.flagged / self.cohort


def strongest(waiting: Collection[int], order: Iterable[int], room: int) -> list[int]:
    """Those of the students who are taken up, in order: ``order`` has the most evidence first.

    Whoever ``order`` does not name comes after those it does.
    """
    known = [student for student in order if student in waiting]
    rest = sorted(set(waiting) - set(known))
    return [*known, *rest][: max(room, 0)]


def surges(
    newly_flagged: Mapping[int, Collection[str]], cohorts: Mapping[str, int], room: Room
) -> list[Surge]:
    """The modules on which too many students are flagged at once, the largest share first.

    ``newly_flagged`` has the modules that each student's new flags are about; ``cohorts`` how many
    are on each module. A module of which nobody is known to be on it cannot surge.
    """
    flagged = Counter(module for modules in newly_flagged.values() for module in set(modules))
    found = [
        Surge(module, number, cohorts[module])
        for module, number in flagged.items()
        if cohorts.get(module, 0) and number > room.before_a_surge(cohorts[module])
    ]
    return sorted(found, key=lambda surge: (-surge.share, surge.module))
