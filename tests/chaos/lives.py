"""Two lives of one year side by side: which flags an outage caused, and which it lost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

NEAR = dt.timedelta(days=14)
"""A flag that is raised so much earlier or later is the same flag."""


@dataclass(frozen=True)
class Flag:
    """A flag as it stood at the end: whose, which, and when it was found."""

    student: str
    key: str
    first: dt.date
    last: dt.date
    is_withdrawn: bool = False

    def is_like(self, other: Flag) -> bool:
        """Whether two are the same flag, found at about the same time."""
        return (self.student, self.key) == (other.student, other.key) and (
            self.first <= other.last + NEAR and other.first <= self.last + NEAR
        )


@dataclass
class Lived:
    """What came of a year: the flags, and what the leads were told of their feeds."""

    flags: list[Flag] = field(default_factory=list)
    """Those that stand at the end."""
    ever: list[Flag] = field(default_factory=list)
    """Those too that were raised and withdrawn: an outage has caused them, if only for a day."""
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Compared:
    """A year with outages beside the clean one."""

    outages: int
    true_flags: int
    found: int
    caused: tuple[Flag, ...]
    lost: tuple[Flag, ...]
    false_alarms: tuple[str, ...]
    told: int

    @property
    def is_right(self) -> bool:
        """No flag caused, 95 % of the true flags found, one false alarm at most."""
        return (
            not self.caused and self.found >= 0.95 * self.true_flags and len(self.false_alarms) <= 1
        )

    def line(self) -> str:
        """One line for a terminal."""
        state = "held" if self.is_right else "BROKEN"
        return (
            f"{self.outages} outages: {len(self.caused)} flags caused, {self.found} of "
            f"{self.true_flags} true flags found after recovery, {len(self.false_alarms)} false "
            f"alarms in the clean year, {self.told} troubles told; {state}"
        )


def compare(clean: Lived, spoiled: Lived, outages: int) -> Compared:
    """Set the flags of both years side by side."""
    caused = _without_like(spoiled.ever, clean.ever)
    lost = _without_like(clean.flags, spoiled.flags)
    return Compared(
        outages,
        len(clean.flags),
        len(clean.flags) - len(lost),
        tuple(caused),
        tuple(lost),
        tuple(sorted(clean.told)),
        len(spoiled.told),
    )


def _without_like(flags: Sequence[Flag], others: Sequence[Flag]) -> list[Flag]:
    of: dict[tuple[str, str], list[Flag]] = defaultdict(list)
    for each in others:
        of[each.student, each.key].append(each)
    return [f for f in flags if not any(f.is_like(each) for each in of.get((f.student, f.key), ()))]
