"""Compare one year with and without outages: which flags an outage caused, and which it lost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

NEAR = dt.timedelta(days=14)
"""A flag that is raised up to this much earlier or later counts as the same flag."""


@dataclass(frozen=True)
class Flag:
    """A flag at the end of the year: its student, its key, and when it was found."""

    student: str
    key: str
    first: dt.date
    last: dt.date
    is_withdrawn: bool = False

    def is_like(self, other: Flag) -> bool:
        """Return whether two are the same flag, found at about the same time."""
        return (self.student, self.key) == (other.student, other.key) and (
            self.first <= other.last + NEAR and other.first <= self.last + NEAR
        )


@dataclass
class Lived:
    """The result of a year: the flags, and what the leads were told of their feeds."""

    flags: list[Flag] = field(default_factory=list)
    """Flags that are active at the end."""
    ever: list[Flag] = field(default_factory=list)
    """Also those that were raised and withdrawn: an outage caused them, even if only for a day."""
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Compared:
    """A year with outages compared with the clean one."""

    outages: int
    true_flags: int
    found: int
    caused: tuple[Flag, ...]
    lost: tuple[Flag, ...]
    false_alarms: tuple[str, ...]
    told: int

    @property
    def is_right(self) -> bool:
        """Whether no flag was caused, 95% of the true flags were found, and there was at most 1
        false alarm."""
        return (
            not self.caused and self.found >= 0.95 * self.true_flags and len(self.false_alarms) <= 1
        )

    def line(self) -> str:
        """Return one line for a terminal."""
        state = "held" if self.is_right else "BROKEN"
        return (
            f"{self.outages} outages: {len(self.caused)} flags caused, {self.found} of "
            f"{self.true_flags} true flags found after recovery, {len(self.false_alarms)} false "
            f"alarms in the clean year, {self.told} troubles told; {state}"
        )


def compare(clean: Lived, spoiled: Lived, outages: int) -> Compared:
    """Compare the flags of both years."""
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
