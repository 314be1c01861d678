"""The faults of a bad day, with their times and places: planned at random from a seed.

A *spell* is a stretch of time in which one place or all of them have a fault: a channel, a mailbox,
the network, the database. Every kind occurs at least once in a term. Between the spells single
requests fail by chance.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.stores import FakeClock


class Kind(StrEnum):
    """The kinds of faults. A school's kinds affect only its channel or its mailbox."""

    ARCHIVED = "channel archived"
    NOT_INVITED = "not invited"
    REMOVED = "channel removed"
    RESTRICTED = "channel restricted"
    MAILBOX_MOVED = "mailbox moved"
    MAILBOX_REFUSED = "mailbox refused"
    TOKEN = "token refused"
    ORGANISATION = "workspace moving"
    SECRET = "secret expired"
    NETWORK = "network away"
    DISK = "disk full"
    DATABASE = "database errors"
    REDIS = "Redis away"
    CLOCK_STANDS = "clock stands"
    CLOCK_AHEAD = "clock ahead"
    CLOCK_BACK = "clock back"
    KILLED = "worker killed"


OF_CHANNEL = {
    Kind.ARCHIVED: "is_archived",
    Kind.NOT_INVITED: "not_in_channel",
    Kind.REMOVED: "channel_not_found",
    Kind.RESTRICTED: "restricted_action",
}
"""Slack's answer during the fault."""
OF_WORKSPACE = {Kind.TOKEN: "invalid_auth", Kind.ORGANISATION: "org_login_required"}
OF_MAILBOX = {
    Kind.MAILBOX_MOVED: (404, "ErrorNonExistentMailbox"),
    Kind.MAILBOX_REFUSED: (403, "ErrorAccessDenied"),
}
"""Graph's answer during the fault."""
OF_SCHOOL = frozenset({*OF_CHANNEL, *OF_MAILBOX})
AT_ONCE = frozenset({Kind.CLOCK_AHEAD, Kind.CLOCK_BACK, Kind.KILLED})
"""Kinds that are over as soon as they have happened."""

HOUR = 60
_MINUTES = {
    Kind.TOKEN: (HOUR, 8 * HOUR),
    Kind.ORGANISATION: (HOUR, 8 * HOUR),
    Kind.SECRET: (HOUR, 30 * HOUR),
    Kind.NETWORK: (10, 24 * HOUR),
    Kind.DISK: (20, 5 * HOUR),
    Kind.DATABASE: (20, 4 * HOUR),
    Kind.REDIS: (1, 3 * HOUR),
    Kind.CLOCK_STANDS: (1, 2 * HOUR),
}
"""The shortest and longest duration; a school's kinds last from one hour to three days."""
_OF_SCHOOL_MINUTES = (HOUR, 72 * HOUR)
_A_DAY = {
    **dict.fromkeys(OF_CHANNEL, 0.02),
    **dict.fromkeys(OF_MAILBOX, 0.03),
    Kind.TOKEN: 0.05,
    Kind.ORGANISATION: 0.03,
    Kind.SECRET: 0.08,
    Kind.NETWORK: 0.12,
    Kind.DISK: 0.25,
    Kind.DATABASE: 1.2,
    Kind.REDIS: 0.5,
    Kind.CLOCK_STANDS: 0.1,
    Kind.CLOCK_AHEAD: 0.15,
    Kind.CLOCK_BACK: 0.15,
    Kind.KILLED: 4,
}
"""How often each kind occurs in a day on average; a school's kinds in each school."""


@dataclass
class Spell:
    """A stretch of time in which a place has a fault. ``school`` '' means everywhere."""

    kind: Kind
    school: str
    since: dt.datetime
    until: dt.datetime
    refused: list[dt.datetime] = field(default_factory=list)
    """The times at which Lantern was refused and could record it."""

    @property
    def was_felt_for(self) -> dt.timedelta:
        """The time between the first and the last refusal."""
        return self.refused[-1] - self.refused[0] if self.refused else dt.timedelta()

    def line(self) -> str:
        """Return the kind and the times, for a terminal."""
        return (
            f"{self.kind} {self.school} since {self.since:%d %b %H:%M}, "
            f"{len(self.refused)} refusals in {self.was_felt_for}"
        )


@dataclass
class Misfortunes:
    """The plan of a term of some days, and the current faults."""

    clock: FakeClock
    chance: random.Random
    schools: Sequence[str]
    days: int
    steps: int
    """Steps in the working hours of a day."""
    is_at_work: bool = False
    """Whether the worker is running. Disk and database do not fail for people, who would see the
    error and click again."""
    now: list[Spell] = field(default_factory=list)
    past: list[Spell] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    _plan: dict[int, list[tuple[Kind, str]]] = field(default_factory=dict)
    _step: int = 0

    def __post_init__(self) -> None:
        last = max(self.days * self.steps - 2, 1)
        for kind, rate in _A_DAY.items():
            places = self.schools if kind in OF_SCHOOL else [""]
            for _ in range(max(1, round(rate * self.days * len(places)))):
                at = self.chance.randrange(last)
                self._plan.setdefault(at, []).append((kind, self.chance.choice(places)))

    def turn(self) -> tuple[list[Spell], list[Spell]]:
        """Take the next step of a day, and return (faults that begin, faults that were just
        repaired)."""
        over = [each for each in self.now if each.until <= self.clock.now]
        begins = [self._spell(kind, school) for kind, school in self._plan.pop(self._step, [])]
        self._step += 1
        self.now = [each for each in self.now if each not in over]
        self.past += over
        self.now += [each for each in begins if each.kind not in AT_ONCE]
        self.happened.update(each.kind for each in begins)
        return begins, over

    def repair_all(self) -> list[Spell]:
        """Repair everything, and return the faults that were repaired."""
        over, self.now = self.now, []
        self.past += over
        return over

    def meets(self, kinds: Collection[Kind], school: str = "") -> Kind | None:
        """Return the fault of a request to this school's place, and record the refusal."""
        for each in self.now:
            if each.kind in kinds and each.school in ("", school):
                # If the database has a fault too, Lantern cannot record the refusal.
                if not self.is_on(Kind.DATABASE):
                    each.refused.append(self.clock.now)
                return each.kind
        return None

    def is_on(self, kind: Kind) -> bool:
        """Return whether this place has this fault now."""
        return any(each.kind is kind for each in self.now)

    def by_chance(self, share: float, what: str) -> bool:
        """Return whether a single request fails; it is counted under ``what``."""
        happens = self.chance.random() < share
        if happens:
            self.happened[what] += 1
        return happens

    def _spell(self, kind: Kind, school: str) -> Spell:
        least, most = _OF_SCHOOL_MINUTES if kind in OF_SCHOOL else _MINUTES.get(kind, (1, 1))
        # Many are short and some are long, as in real outages.
        minutes = least + (most - least) * self.chance.random() ** 2
        since = self.clock.now
        return Spell(kind, school, since, since + dt.timedelta(minutes=minutes))
