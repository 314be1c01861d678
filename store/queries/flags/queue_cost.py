"""Ask what the daily limit of a school costs the students in its queue."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.flags.queue import waiting_since
from store.rules.flags.capacity import Room
from store.rules.flags.queue_cost import MORE, Flow, QueueCost, forecast
from store.rules.model import FlagState
from store.tables import cases, flags, screenings, students
from store.tables import waiting as queued

WINDOW = dt.timedelta(days=28)
"""The days whose flags show how many students come and leave."""
_MOST_LEAVE = 0.5
"""Of a queue in a day: a queue that was longer before says too much."""


def queue_costs(
    connection: sa.Connection, school: int, day: dt.date
) -> tuple[QueueCost, QueueCost] | None:
    """Forecast the school's queue at its daily limit and at five more; None where none waits."""
    since = waiting_since(connection, school)
    if not since:
        return None
    published = policy_in_force(connection, school, day)
    a_day = (Room.of(published.policy) if published else Room()).a_day
    flow = _flow(connection, school, day, len(since))
    return forecast(since, day, a_day, flow), forecast(since, day, a_day + MORE, flow)


def _flow(connection: sa.Connection, school: int, day: dt.date, waits: int) -> Flow:
    """Count who came to need a case and who left without one, a screened day.

    Flags that joined an open case need none, and held ones wait for an answer, not for room.
    """
    first = day - WINDOW
    came = (
        sa.select(sa.func.count(flags.c.student_id.distinct()))
        .join(students, students.c.id == flags.c.student_id)
        .outerjoin(cases, cases.c.id == flags.c.case_id)
        .where(
            students.c.home_school_id == school,
            flags.c.hold_id.is_(None),
            flags.c.raised_on > first,
            flags.c.raised_on <= day,
        )
    )
    opened = cases.alias("opened")
    has_case = sa.exists().where(
        opened.c.student_id == flags.c.student_id, opened.c.opened_on >= flags.c.raised_on
    )
    left = came.where(
        flags.c.case_id.is_(None),
        flags.c.state != FlagState.ACTIVE,
        ~has_case,
        ~sa.exists().where(queued.c.student_id == flags.c.student_id),
    )
    needed = came.where(flags.c.case_id.is_(None) | (cases.c.opened_on >= flags.c.raised_on))
    days = sa.select(sa.func.count()).where(
        screenings.c.school_id == school, screenings.c.day > first, screenings.c.day <= day
    )
    counts = [each.scalar_subquery() for each in (needed, left, days)]
    new, gone, screened = connection.execute(sa.select(*counts)).one()
    days_screened = max(screened, 1)
    return Flow(new / days_screened, min(gone / days_screened / waits, _MOST_LEAVE))
