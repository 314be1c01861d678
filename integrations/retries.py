"""Compute how long to wait before a request to an external service is retried."""

from __future__ import annotations

import datetime as dt
import random
from email.utils import parsedate_to_datetime

import httpx

from integrations.verdicts import pause_of
from store.rules.calendar import LONGEST_PAUSE

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors before the request was sent, so that even a changing request may be retried."""


def backoff(attempt: int, chance: random.Random) -> dt.timedelta:
    """Return the wait after this attempt (from 0): 1, 2, 4, 8 s, with jitter.

    Each is up to half less by chance, so that workers that failed together do not retry together.
    """
    return dt.timedelta(seconds=min(2**attempt, 8) * chance.uniform(0.5, 1))


def retry_after(header: str | None, now: dt.datetime) -> dt.timedelta | None:
    """Read ``Retry-After`` as a wait, from seconds or an HTTP date; None where unusable."""
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
