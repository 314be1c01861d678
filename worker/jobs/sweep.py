"""The sweeper: finds everything that is due though nobody was woken for it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from integrations.bootstrap import Services
from store.delivery import outbox
from store.policies.versions import policy_in_force
from store.queries.schools.staff import all_schools
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.model import OutboxKind
from store.tables import screenings, slots
from worker.jobs.outreach import receive_replies as replies
from worker.jobs.schools import watch_channels as watching
from worker.jobs.slots import SCREENING_AT, claim, instant

SCREENING_TAKES = dt.timedelta(minutes=20)
"""More than a large institution's screening ever took."""


def sweep(services: Services) -> None:
    """Wake the work for every kind of outbox row that is due, read the mailboxes, see who is in.

    A wake-up that got lost, a lease whose worker died, quiet hours that ended, a retry whose time
    has come: all of them are rows that are due, and this is where they are noticed.
    """
    if screening_overdue(services) and _turn_to_retry(services):
        services.queue.enqueue("screen", day=str(institution_day(services.now())))
    due = outbox.due_kinds(services.store)
    for kind in due:
        if kind is not OutboxKind.MAIL:
            services.queue.enqueue("deliver", kind=kind)
    # Before the mails that waited for the morning: whoever has answered is not written to as if
    # nothing had been said.
    replies.collect(services)
    if OutboxKind.MAIL in due:
        services.queue.enqueue("deliver", kind=OutboxKind.MAIL)
    watching.watch_channels(services)


def screening_overdue(services: Services) -> bool:
    """Whether today's screening was begun a while ago and some school still has none.

    Its worker may have died. Screening again is harmless: it changes nothing that is done.
    """
    now = services.now()
    day = institution_day(now)
    with services.store.database.read() as connection:
        begun = connection.execute(
            sa.select(slots.c.claimed_at).where(
                slots.c.job == "screen", slots.c.slot == instant(day, SCREENING_AT, INSTITUTION)
            )
        ).scalar_one_or_none()
        if begun is None or now - begun < SCREENING_TAKES:
            return False
        done = connection.execute(
            sa.select(sa.func.count()).select_from(screenings).where(screenings.c.day == day)
        ).scalar_one()
        wanted = [
            school
            for school in all_schools(connection)
            if policy_in_force(connection, school.id, day)
        ]
    return done < len(wanted)


def _turn_to_retry(services: Services) -> bool:
    """Once in a screening's time, so that a long or failing one is not asked for ever again."""
    with services.store.unit_of_work() as work:
        past = (work.now - dt.datetime.min.replace(tzinfo=dt.UTC)) % SCREENING_TAKES
        return claim(work, "screen-again", work.now - past)
