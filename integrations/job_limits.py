"""Time limits of jobs: when rq ends a job, and when the sweeper considers it lost.

An interrupted job resumes where it was: its rows in the database show what is done. A long job
sends a heartbeat at each step, and counts as lost only after ``silence`` without one; so ``whole``
is always the longer of the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobLimit:
    """The time limits of a job. ``whole``: the longest that it may run. ``silence``: the longest
    between two heartbeats.

    The second is the job's longest step, with a margin.
    """

    whole: dt.timedelta
    silence: dt.timedelta


SHORT = JobLimit(whole=dt.timedelta(minutes=15), silence=dt.timedelta(minutes=15))
"""A job that handles due rows: seconds, or minutes if a service is slow."""

LIMITS: Mapping[str, JobLimit] = {
    "screen": JobLimit(whole=dt.timedelta(hours=6), silence=dt.timedelta(minutes=20)),
    "deliver": JobLimit(whole=dt.timedelta(hours=1), silence=dt.timedelta(minutes=2)),
    "collect-replies": JobLimit(whole=dt.timedelta(hours=1), silence=dt.timedelta(hours=1)),
    "sweep": JobLimit(whole=dt.timedelta(hours=1), silence=dt.timedelta(hours=1)),
}
"""The jobs that are not short. A mailbox without a marker is read again for 30 days; a channel
takes one message a second, and an erasure searches every delivery and every day. Each resumes where
it was interrupted. A single delivery's limit is its row's lease.
"""


def limit_of(job: str) -> JobLimit:
    """Return the limits of a job by its name."""
    return LIMITS.get(job, SHORT)
