"""Remember for minutes who a platform said a person is, and refuse those that it does not know."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from store.db.unit_of_work import Store
from store.rules.errors import NotAllowed
from store.rules.model import Platform

MOST = 5_000
"""How many people are remembered; the next one makes room by forgetting all."""

Key = TypeVar("Key")
Found = TypeVar("Found")


class RecentLookups(Generic[Key, Found]):
    """What a platform's directory said of people, each for the time ``keep``. For any thread."""

    def __init__(self, store: Store, keep: dt.timedelta) -> None:
        self._store = store
        self._keep = keep
        self._lock = threading.Lock()
        self._until: dict[Key, tuple[Found, dt.datetime]] = {}

    def get(self, key: Key) -> Found | None:
        """Return what was said of this person; None where it is too old, or nothing was."""
        now = self._store.now()
        with self._lock:
            found, until = self._until.get(key, (None, now))
        return found if until > now else None

    def put(self, key: Key, found: Found) -> None:
        """Remember what the platform has said just now."""
        with self._lock:
            if len(self._until) >= MOST:
                self._until.clear()
            self._until[key] = (found, self._store.now() + self._keep)

    def forget(self, changed: Callable[[Key], bool]) -> None:
        """Look up again, at their next request, all whose key has ``changed``."""
        with self._lock:
            for key in filter(changed, list(self._until)):
                del self._until[key]


def refuse_stranger(store: Store, platform: Platform, sentence: str, why: str) -> NotAllowed:
    """Audit a refusal, and return it. The audit keeps no id of a stranger."""
    with store.unit_of_work() as work:
        work.record("stranger", "refused", f"platform:{platform}", wanted="anything", why=why)
    return NotAllowed(sentence)
