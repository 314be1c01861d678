"""How long each job may take: what rq ends and what the sweeper believes lost both follow from it.

A job that is cut off begins again where it was: its rows in the database say what is done. A long
job says at each step that it gets on, and only where it has said nothing for ``silence`` is it
believed lost; so ``whole`` is always the longer of the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobLimit:
    """``whole``: the longest that it may run. ``silence``: the longest between two signs of life,
    its longest step with room to spare."""

    whole: dt.timedelta
    silence: dt.timedelta


SHORT = JobLimit(whole=dt.timedelta(minutes=15), silence=dt.timedelta(minutes=15))
"""A turn of a worker at what is due: seconds, and minutes where a service is slow."""

LIMITS: Mapping[str, JobLimit] = {
    "screen": JobLimit(whole=dt.timedelta(hours=6), silence=dt.timedelta(minutes=20)),
    "deliver": JobLimit(whole=dt.timedelta(hours=1), silence=dt.timedelta(minutes=2)),
    "collect-replies": JobLimit(whole=dt.timedelta(hours=1), silence=dt.timedelta(hours=1)),
    "sweep": JobLimit(whole=dt.timedelta(hours=1), silence=dt.timedelta(hours=1)),
}
"""The jobs that are not short. A mailbox whose mark was lost is read anew for 30 days; a channel
takes one message a second, and an erasure looks into every delivery and every day. Each goes on
where it was cut off. What one delivery may say nothing for is its row's lease.
"""


def limit_of(job: str) -> JobLimit:
    """Return the limits of a job by its name."""
    return LIMITS.get(job, SHORT)
