"""A clock that several processes share, and that runs faster than real time."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from tests.people import MORNING


@dataclass(frozen=True)
class FastClock:
    """A clock at ``MORNING`` when the time is ``began``, which runs ``speed`` times as fast."""

    began: float
    speed: float

    def __call__(self) -> dt.datetime:
        return MORNING + dt.timedelta(seconds=(time.time() - self.began) * self.speed)

    def sleep(self, seconds: float) -> None:
        """Wait for so many of the clock's own seconds."""
        time.sleep(max(seconds, 0) / self.speed)
