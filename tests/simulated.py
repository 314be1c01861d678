"""Simulated time for several threads: it moves on when all working threads are asleep."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.people import MORNING


@dataclass
class SimulatedTime:
    """A clock for threads: ``now`` reads it, ``sleep`` waits on it, ``work`` runs jobs at once."""

    moment: dt.datetime = MORNING
    _at_work: int = 0
    _waking: list[dt.datetime] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def now(self) -> dt.datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        with self._changed:
            until = self.moment + dt.timedelta(seconds=seconds)
            self._waking.append(until)
            self._move_on()
            while self.moment < until:
                self._changed.wait()

    def work(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Run each of these in a thread, until all are done."""
        self._at_work = len(tasks)
        threads = [threading.Thread(target=self._do, args=[task]) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _do(self, task: Callable[[], None]) -> None:
        try:
            task()
        finally:
            with self._changed:
                self._at_work -= 1
                self._move_on()

    def _move_on(self) -> None:
        self._waking = [until for until in self._waking if until > self.moment]
        if self._waking and len(self._waking) == self._at_work:
            self.moment = min(self._waking)
            self._waking = [until for until in self._waking if until > self.moment]
            self._changed.notify_all()
