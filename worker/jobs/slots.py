"""Slots: one job at one scheduled instant, taken by one process.

A slot is the job's name and its instant in UTC, worked out from a school's wall clock. Two clocks
claim the same slot, and one of them gets it; an hour that comes twice in October has one slot,
since the first of its two instants is meant.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from zoneinfo import ZoneInfo

from integrations.fault_log import log_failure
from store.db.database import Failure
from store.db.unit_of_work import Store
from store.delivery import claims
from store.delivery.claims import OutboxRow
from store.delivery.job_slots import beat, finish

__all__ = [
    "BEAT_EVERY",
    "FOLLOW_UP",
    "SCREENING_AT",
    "alive_while",
    "instant",
    "leased_while",
]

FOLLOW_UP = "follow-up:"
"""Before a school's id: the slots for the drafts of its morning."""
SCREENING_AT = dt.time(5, 30)
BEAT_EVERY = dt.timedelta(minutes=1)


def instant(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the first instant at which the wall clock shows this time on this day (UTC)."""
    return dt.datetime.combine(day, at, zone).replace(fold=0).astimezone(dt.UTC)


@contextmanager
def alive_while(store: Store, job: str, at: dt.datetime) -> Iterator[None]:
    """Record a heartbeat once a minute while this process does the job of this slot, and its end.

    One that is cut off has no end, so the sweeper begins it again.
    """
    beat(store, job, at)
    with _saying(partial(beat, store, job, at), BEAT_EVERY, job):
        yield
    finish(store, job, at)


def leased_while(store: Store, row: OutboxRow) -> AbstractContextManager[None]:
    """Renew the lease of a claimed row while this process works on it.

    For longer work: without this, a second worker would start the same row.
    """
    return _saying(partial(claims.renew_lease, store, row), claims.LEASE / 4, row.kind)


@contextmanager
def _saying(say_so: Callable[[], object], every: dt.timedelta, job: str) -> Iterator[None]:
    """Call ``say_so`` regularly while a job runs.

    This is done in a thread, since one step of a job may take long. The thread ends with the job or
    the process; a step that hangs ends with the job's time limit.
    """
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(every.total_seconds()):
            try:
                say_so()
            except Failure as error:
                # The database is away for a moment; the job itself will notice if it stays so.
                log_failure("heartbeat missed", error, job=job)

    heart = threading.Thread(target=go_on, name=f"alive-{job}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()
