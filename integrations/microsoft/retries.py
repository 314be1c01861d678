"""How long to wait before a request to Microsoft is made again."""

from __future__ import annotations

import datetime as dt
import random
from email.utils import parsedate_to_datetime

import httpx

from integrations.verdicts import pause_of
from store.rules.calendar import LONGEST_PAUSE

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""The request never left, so that even one that changes something may be repeated."""


def backoff(attempt: int, chance: random.Random) -> dt.timedelta:
    """Return the wait after this attempt (counted from 0): 1, 2, 4, 8 s, each up to half less by
    chance, so that workers that failed together do not come back together."""
    return dt.timedelta(seconds=min(2**attempt, 8) * chance.uniform(0.5, 1))


def retry_after(header: str | None, now: dt.datetime) -> dt.timedelta | None:
    """Read ``Retry-After`` as a wait: seconds or an HTTP date; None where it says nothing
    usable.
    """
    if not header:
        return None
    if (pause := pause_of(header)) is not None:
        return pause
    try:
        date = parsedate_to_datetime(header)
        date = date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date
        return min(max(date - now, dt.timedelta()), LONGEST_PAUSE)
    except (ValueError, OverflowError):
        return None
