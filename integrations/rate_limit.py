"""Pauses and turns shared by the threads of one process.

Those shared by all workers are stored: ``store.delivery.rate_limit``.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from store.rules.calendar import believed

Now = Callable[[], dt.datetime]
Sleep = Callable[[float], None]
"""Waits for so many seconds."""

LONGEST_NAP = dt.timedelta(seconds=20)
"""The longest wait by sleeping. For a longer one the row goes back to the outbox."""

Name = TypeVar("Name", bound=Hashable)


class NamedPauses(Generic[Name]):
    """The pauses of conversations, mailboxes or methods, by name."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._until: dict[Name, dt.datetime] = {}

    def begin(self, name: Name, wait: dt.timedelta) -> None:
        """Pause ``name`` for ``wait``. A longer existing pause stays."""
        with self._lock:
            now = self._now()
            self._until = {each: until for each, until in self._until.items() if until > now}
            self._until[name] = max(now + wait, self._until.get(name, now))

    def names(self) -> list[Name]:
        """Return the names that are paused at this moment."""
        with self._lock:
            now = self._now()
            return [each for each, until in self._until.items() if until > now]

    def remaining(self, *names: Name) -> dt.timedelta:
        """Return the time until the last of these pauses ends; zero where none is paused."""
        with self._lock:
            now = self._now()
            return max(believed(self._until.get(each, now), now) for each in names) - now


def wait_for_turn(
    remaining: Callable[[], dt.timedelta],
    sleep: Sleep,
    refusal: Callable[[dt.timedelta], Exception],
    longest: dt.timedelta = LONGEST_NAP,
) -> None:
    """Sleep until the remaining wait is over.

    If it is longer than ``longest``, raises the error that ``refusal`` returns for it.
    """
    while (wait := remaining()) > dt.timedelta():
        if wait > longest:
            raise refusal(wait)
        sleep(wait.total_seconds())
