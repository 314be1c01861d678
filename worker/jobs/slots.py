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
from store.delivery import outbox
from store.delivery.job_slots import beat
from store.delivery.outbox import OutboxRow

__all__ = ["BEAT_EVERY", "SCREENING_AT", "alive_while", "instant", "leased_while"]

SCREENING_AT = dt.time(5, 30)
BEAT_EVERY = dt.timedelta(minutes=1)


def instant(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the first instant at which the wall clock shows this time on this day (UTC)."""
    return dt.datetime.combine(day, at, zone).replace(fold=0).astimezone(dt.UTC)


def alive_while(store: Store, job: str, at: dt.datetime) -> AbstractContextManager[None]:
    """Note once a minute that the job of this slot gets on, for as long as this process does it."""
    beat(store, job, at)
    return _saying(partial(beat, store, job, at), BEAT_EVERY, job)


def leased_while(store: Store, row: OutboxRow) -> AbstractContextManager[None]:
    """Keep a claimed row for as long as this process works on it.

    For work that is more than a few calls: without it a second worker would begin the same.
    """
    return _saying(partial(outbox.renew_lease, store, row), outbox.LEASE / 4, row.kind)


@contextmanager
def _saying(say_so: Callable[[], object], every: dt.timedelta, job: str) -> Iterator[None]:
    """Say again and again that a job gets on.

    A thread does so, since one step of a job may take long. It ends with the job, or with the
    process; a step that hangs is ended by the job's whole time.
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
