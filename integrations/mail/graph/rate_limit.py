"""Keeping to what Exchange allows, so that it never has to throttle us.

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
    # 30 a minute would be one every 2 s. At 2.12 s, who was kept back for up to 1.5 s can catch
    # up, and an email that Graph put off by 2 s still leaves in a minute of at most
    # 1 + (60 + 1.5 + 2) / 2.12 = 30 emails.
    every=dt.timedelta(seconds=2.12),
    catch_up=dt.timedelta(seconds=1.5),
    longest=LONGEST_NAP,
)


class Gate:
    """Lets four requests at a time through to a mailbox, and none while it is to be left alone."""

    def __init__(self, now: Now, sleep: Sleep) -> None:
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free: defaultdict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(AT_A_TIME)
        )
        self._pauses = NamedPauses[str](now)

    @contextmanager
    def enter(self, mailbox: str) -> Iterator[None]:
        """Wait for the turn.

        Raises:
            OutOfTurn: with ``retry_after``, where the wait is longer than a nap.
        """
        with self._lock:
            free = self._free[mailbox]
        with free:
            wait_for_turn(lambda: self._pauses.remaining(mailbox), self._sleep, _too_long)
            yield

    def close(self, mailbox: str, wait: dt.timedelta) -> None:
        """Leave this mailbox alone for so long."""
        self._pauses.begin(mailbox, wait)


def _too_long(wait: dt.timedelta) -> OutOfTurn:
    return OutOfTurn("The mail service asked for a pause.", wait)
