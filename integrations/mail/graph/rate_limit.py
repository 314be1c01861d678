"""Keep to Exchange's limits, so that it never has to throttle us.

Source: Microsoft's throttling limits for Outlook (4 requests at a time for each mailbox) and
Exchange Online's sending limits (30 messages a minute for each mailbox).
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from integrations.mail.interface import OutOfTurn
from integrations.rate_limit import LONGEST_NAP, NamedPauses, Now, Sleep, wait_for_turn
from store.rules.outreach.sending_pace import SendingRate

AT_A_TIME = 4

PACE = SendingRate(
    # 30 a minute would be one every 2 s. At 2.12 s, a sender delayed by up to 1.5 s can catch up,
    # and an email that Graph delays by 2 s is still sent in a minute of at most 1 + (60 + 1.5 + 2)
    # / 2.12 = 30 emails.
    every=dt.timedelta(seconds=2.12),
    catch_up=dt.timedelta(seconds=1.5),
    longest=LONGEST_NAP,
)


class Gate:
    """Allows four requests at a time to a mailbox, and none while it is paused."""

    def __init__(self, now: Now, sleep: Sleep) -> None:
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free: defaultdict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(AT_A_TIME)
        )
        self._pauses = NamedPauses[str](now)

    @contextmanager
    def enter(self, mailbox: str) -> Iterator[None]:
        """Wait until a request may be made, and hold its place meanwhile.

        Raises:
            OutOfTurn: with ``retry_after``, where the wait is longer than ``LONGEST_NAP``.
        """
        with self._lock:
            free = self._free[mailbox]
        with free:
            wait_for_turn(lambda: self._pauses.remaining(mailbox), self._sleep, _too_long)
            yield

    def close(self, mailbox: str, wait: dt.timedelta) -> None:
        """Let no request through to this mailbox until ``wait`` is over."""
        self._pauses.begin(mailbox, wait)


def _too_long(wait: dt.timedelta) -> OutOfTurn:
    return OutOfTurn("The mail service asked for a pause; Lantern continues by itself.", wait)
