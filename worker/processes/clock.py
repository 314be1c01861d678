"""The clock: it enqueues due jobs. A job runs once, since a clock has to claim its slot first.

A clock that starts late finds today's slots that no clock has claimed. Any number of clocks may
run.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

from integrations.bootstrap import Services
from store.delivery.job_slots import claim_slot
from store.policies.versions import PublishedPolicy, policy_in_force
from store.queries.schools.staff import all_schools
from store.rules.calendar import INSTITUTION, institution_day
from worker.jobs.notices.digests import request_digest, request_messages
from worker.jobs.slots import SCREENING_AT, instant
from worker.one_by_one import each_school

LOOK_EVERY = dt.timedelta(seconds=30)
SWEEP_EVERY = dt.timedelta(seconds=15)
DIRECTORY_EVERY = dt.timedelta(minutes=15)
"""By the clock: at the hour, a quarter past and so on."""
WITHOUT_POLICY_AT = dt.time(8, 30)
DRAFTED_BEFORE = dt.timedelta(minutes=15)
"""Drafts are written, or written again, before the digest says what can be approved."""
DIGEST_IS_NEWS = dt.timedelta(hours=4)
"""A digest that is overdue by more than this is not posted: a clock may start in the evening."""


def schedule(scheduler: BaseScheduler, services: Services) -> None:
    """Add two jobs to the scheduler: look for due slots, and sweep."""
    for function, every in ((tick, LOOK_EVERY), (_sweep, SWEEP_EVERY)):
        scheduler.add_job(
            function,
            # With the zone left out, the machine's own is asked for, which may be set wrongly.
            IntervalTrigger(seconds=int(every.total_seconds()), timezone=INSTITUTION),
            args=[services],
            id=function.__name__,
            # A machine that slept catches up with one look; it does not repeat the missed ones.
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
            next_run_time=dt.datetime.now(dt.UTC),
        )


def tick(services: Services) -> None:
    """Claim the slots that are due today and not claimed yet, and enqueue their jobs."""
    now = services.now()
    day = institution_day(now)
    screening = instant(day, SCREENING_AT, INSTITUTION)
    if screening <= now:
        with services.store.unit_of_work() as work:
            mine = claim_slot(work, "screen", screening)
        if mine:
            services.queue.enqueue("screen", day=str(day))
    if services.directory is not None:
        _look_at_directory(services, now)
    with services.store.database.read() as connection:
        schools = [each.id for each in all_schools(connection)]
    each_school(services.store, schools, "morning", partial(_begin_morning, services))


def _look_at_directory(services: Services, now: dt.datetime) -> None:
    """Have the directory read once in each quarter of an hour."""
    slot = now - (now - dt.datetime.min.replace(tzinfo=dt.UTC)) % DIRECTORY_EVERY
    with services.store.unit_of_work() as work:
        mine = claim_slot(work, "directory", slot)
    if mine:
        services.queue.enqueue("directory")


def _begin_morning(services: Services, school: int) -> None:
    """Request a school's drafts, and then its digest and messages, once they are due and no clock
    has requested them."""
    now = services.now()
    day = institution_day(now)
    with services.store.database.read() as connection:
        published = policy_in_force(connection, school, day)
    due = _digest_slot(published, day)
    if due is None or not due - DRAFTED_BEFORE <= now < due + DIGEST_IS_NEWS:
        return
    if published is not None:
        with services.store.unit_of_work() as work:
            mine = claim_slot(work, f"follow-up:{school}", due)
        if mine:
            services.queue.enqueue("follow-up", school=school)
    if now < due:
        return
    with services.store.unit_of_work() as work:
        mine = claim_slot(work, f"digest:{school}", due)
        if mine and published is not None:
            request_digest(work, school, day)
        if mine:
            request_messages(work, school, day)


def _digest_slot(published: PublishedPolicy | None, day: dt.date) -> dt.datetime | None:
    """Return when a school's digest of this day is due; None on a day on which it does not work.

    A school without a policy in force has no digest, but its lead hears of that at this time.
    """
    if published is None:
        return instant(day, WITHOUT_POLICY_AT, INSTITUTION)
    if not published.policy.calendar.is_school_day(day):
        return None
    return instant(day, published.policy.digest_at, ZoneInfo(published.policy.calendar.timezone))


def _sweep(services: Services) -> None:
    services.queue.enqueue("sweep")
