"""Faults of a fake service: planned by a test for one step, or by chance with a seed."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One way in which a request fails."""

    LOST = "lost"
    """It has its effect, and the connection ends without an answer."""
    AFTER = "after"
    """It has its effect, and a proxy answers 503."""
    CUT = "cut"
    """No effect and no answer."""
    DOWN = "down"
    """503, and no effect."""
    THROTTLED = "throttled"
    """429 with Retry-After, and no effect."""


@dataclass
class Faults:
    """A source of faults. ``planned`` comes first: (kind of request, fault), each used once.

    The rates are shares of all requests: lost replies, errors after the effect, 429.
    """

    seed: int = 0
    lost: float = 0
    after: float = 0
    throttled: float = 0
    planned: list[tuple[str, Fault]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def next(self, kind: str) -> Fault | None:
        """Return the fault for this request, or None."""
        with self._lock:
            found = self._planned(kind) or self._by_chance()
            if found:
                self.happened[found] += 1
            return found

    def _planned(self, kind: str) -> Fault | None:
        for entry in self.planned:
            if entry[0] == kind:
                self.planned.remove(entry)
                return entry[1]
        return None

    def _by_chance(self) -> Fault | None:
        drawn = self._chance.random()
        for fault, share in (
            (Fault.LOST, self.lost),
            (Fault.AFTER, self.after),
            (Fault.THROTTLED, self.throttled),
        ):
            if drawn < share:
                return fault
            drawn -= share
        return None
