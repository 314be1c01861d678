"""Keeping to what a platform allows in one conversation, so that it never has to throttle us."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict, deque
from collections.abc import Callable

from integrations.chat.interface import DeliveryError
from store.rules.calendar import believed

Now = Callable[[], dt.datetime]
Sleep = Callable[[float], None]
"""Waits for so many seconds."""

Limits = tuple[tuple[int, dt.timedelta], ...]
"""At most so many messages in any stretch of so long, the longest stretch last."""
LONGEST_NAP = dt.timedelta(seconds=20)
"""What is waited for here and now. Anything longer goes back to the outbox."""
_MOMENT = dt.timedelta(milliseconds=1)


class RateLimit:
    """Says when the next message of a conversation may leave this process, for any thread.

    Workers do not know of each other; where they are too many together, the platform answers 429
    and ``close`` keeps everybody here away for as long as it asks.
    """

    def __init__(self, limits: Limits, now: Now, sleep: Sleep) -> None:
        self._limits = limits
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._sent: defaultdict[str, deque[dt.datetime]] = defaultdict(
            lambda: deque(maxlen=limits[-1][0])
        )
        self._closed_until: dict[str, dt.datetime] = {}

    def take_turn(self, conversation: str) -> None:
        """Wait for the turn.

        Raises:
            DeliveryError: with ``retry_after``, where the wait is longer than a nap.
        """
        while (wait := self._try(conversation)) > dt.timedelta():
            if wait > LONGEST_NAP:
                raise DeliveryError(
                    "the conversation needs a pause; Lantern goes on by itself",
                    retry_after=wait,
                    throttled=True,
                )
            self._sleep(wait.total_seconds())

    def close(self, conversation: str, wait: dt.timedelta) -> None:
        """Leave this conversation alone for so long."""
        with self._lock:
            until = self._now() + wait
            self._closed_until[conversation] = max(
                until, self._closed_until.get(conversation, until)
            )

    def _try(self, conversation: str) -> dt.timedelta:
        """The wait until the next turn; none, and the turn is taken."""
        with self._lock:
            now = self._now()
            sent = self._sent[conversation]
            if sent and sent[-1] > now:  # the clock was set back
                sent.clear()
            free = [believed(self._closed_until.get(conversation, now), now)]
            free += [
                sent[-number] + stretch + _MOMENT
                for number, stretch in self._limits
                if len(sent) >= number
            ]
            wait = max(free) - now
            if wait <= dt.timedelta():
                sent.append(now)
            return wait
