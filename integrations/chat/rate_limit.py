"""Keep to a platform's limits in one conversation, so that it never has to throttle us."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict, deque

from integrations.chat.interface import DeliveryError
from integrations.rate_limit import NamedPauses, Now, Sleep, wait_for_turn

Limits = tuple[tuple[int, dt.timedelta], ...]
"""(messages, period): at most so many in any such period; the longest period last."""
_MOMENT = dt.timedelta(milliseconds=1)


class RateLimit:
    """Limits a conversation's messages from this process. Thread-safe.

    Workers do not know of each other; if together they send too many, the platform answers 429, and
    ``close`` pauses the conversation for as long as it asks.
    """

    def __init__(self, limits: Limits, now: Now, sleep: Sleep) -> None:
        self._limits = limits
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._sent: defaultdict[str, deque[dt.datetime]] = defaultdict(
            lambda: deque(maxlen=limits[-1][0])
        )
        self._pauses = NamedPauses[str](now)

    def take_turn(self, conversation: str) -> None:
        """Wait until the conversation may have its next message.

        Raises:
            DeliveryError: with ``retry_after``, where the wait is longer than ``LONGEST_NAP``.
        """
        wait_for_turn(lambda: self._try(conversation), self._sleep, _too_long)

    def close(self, conversation: str, wait: dt.timedelta) -> None:
        """Let no message into this conversation until ``wait`` is over."""
        self._pauses.begin(conversation, wait)

    def _try(self, conversation: str) -> dt.timedelta:
        """Return the wait until the next turn; if it is zero, the turn is taken."""
        with self._lock:
            now = self._now()
            sent = self._sent[conversation]
            if sent and sent[-1] > now:  # the clock was set back
                sent.clear()
            wait = max(
                self._pauses.remaining(conversation),
                *(
                    sent[-number] + stretch + _MOMENT - now
                    for number, stretch in self._limits
                    if len(sent) >= number
                ),
                dt.timedelta(),
            )
            if wait <= dt.timedelta():
                sent.append(now)
            return wait


def _too_long(wait: dt.timedelta) -> DeliveryError:
    return DeliveryError(
        "the conversation needs a pause; Lantern continues by itself",
        retry_after=wait,
        throttled=True,
    )
