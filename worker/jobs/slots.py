"""Slots: one job at one scheduled instant, taken by one process.

A slot is the job's name and its instant in UTC, worked out from a school's wall clock. Two clocks
claim the same slot, and one of them gets it; an hour that comes twice in October has one slot,
since the first of its two instants is meant.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from zoneinfo import ZoneInfo

from integrations.fault_log import log_failure
from integrations.job_limits import limit_of
from store.db.database import Failure
from store.db.unit_of_work import Store
from store.delivery import claims
from store.delivery.claims import OutboxRow
from store.delivery.job_slots import beat, finish, leave

__all__ = [
    "BEAT_EVERY",
    "FOLLOW_UP",
    "SCREENING_AT",
    "STOPPING",
    "alive_while",
    "instant",
    "leased_while",
]

FOLLOW_UP = "follow-up:"
"""Before a school's id: the slots for the drafts of its morning."""
SCREENING_AT = dt.time(5, 30)
BEAT_EVERY = dt.timedelta(minutes=1)
LOOK_EVERY = 0.5
"""Seconds between looks whether this process is to stop."""
STOPPING = threading.Event()
"""Set once this process was asked to stop."""


def instant(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the first instant at which the wall clock shows this time on this day (UTC)."""
    return dt.datetime.combine(day, at, zone).replace(fold=0).astimezone(dt.UTC)


@contextmanager
def alive_while(store: Store, job: str, at: dt.datetime) -> Iterator[None]:
    """Record a heartbeat once a minute while this process does the job of this slot, and its end.

    One that is cut off has no end, so the sweeper begins it again: soon where this process was
    asked to stop, else once the job has been silent for too long.
    """
    beat(store, job, at)
    last = partial(leave, store, job, at, limit_of(job.partition(":")[0]).silence)
    with _saying(partial(beat, store, job, at), BEAT_EVERY, job, last):
        yield
    finish(store, job, at)


def leased_while(store: Store, row: OutboxRow) -> AbstractContextManager[None]:
    """Renew the lease of a claimed row while this process works on it.

    For longer work: without this, a second worker would start the same row.
    """
    return _saying(partial(claims.renew_lease, store, row), claims.LEASE / 4, row.kind)


@contextmanager
def _saying(
    say_so: Callable[[], object],
    every: dt.timedelta,
    job: str,
    last: Callable[[], object] | None = None,
) -> Iterator[None]:
    """Call ``say_so`` regularly while a job runs, and ``last`` once this process is to stop.

    This is done in a thread, since one step of a job may take long. The thread ends with the job or
    the process; a step that hangs ends with the job's time limit.
    """
    ended = threading.Event()

    def go_on() -> None:
        due = time.monotonic() + every.total_seconds()
        while not ended.wait(LOOK_EVERY):
            is_last = last is not None and STOPPING.is_set()
            if not is_last and time.monotonic() < due:
                continue
            due = time.monotonic() + every.total_seconds()
            try:
                if last is not None and is_last:
                    last()
                    return
                say_so()
            except Failure as error:
                # The database is unavailable for now. If it stays so, the job itself will fail.
                log_failure("heartbeat missed", error, job=job)

    heart = threading.Thread(target=go_on, name=f"alive-{job}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()
