"""A clock that several processes share, and that runs faster than the one on the wall."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from tests.people import MORNING


@dataclass(frozen=True)
class FastClock:
    """Shows ``MORNING`` at ``began`` (seconds, as ``time.time``) and ``speed`` seconds in each."""

    began: float
    speed: float

    def __call__(self) -> dt.datetime:
        return MORNING + dt.timedelta(seconds=(time.time() - self.began) * self.speed)

    def sleep(self, seconds: float) -> None:
        """Wait for so many of its own seconds."""
        time.sleep(max(seconds, 0) / self.speed)
