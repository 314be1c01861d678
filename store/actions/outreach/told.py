"""What a case's letters can tell: what was seen, from where, and when we wrote before."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.rules.model import FlagState, MarkerFamily, OutreachStatus, Rung
from store.tables import flags, outreach


def reasons_for_student(connection: sa.Connection, case: int) -> tuple[str, ...]:
    """The sentences for students of the flags that still speak, each once, the oldest first."""
    said = connection.execute(
        sa.select(flags.c.reason_student)
        .where(flags.c.case_id == case, flags.c.state == FlagState.ACTIVE)
        .order_by(flags.c.raised_on, flags.c.id)
    ).scalars()
    return tuple(dict.fromkeys(said))


def fresh_families(connection: sa.Connection, case: int) -> dict[MarkerFamily, dt.date]:
    """Which families of evidence they come from, and up to which day each is known."""
    rows = connection.execute(
        sa.select(flags.c.family, sa.func.min(flags.c.fresh))
        .where(flags.c.case_id == case, flags.c.state == FlagState.ACTIVE)
        .group_by(flags.c.family)
        .order_by(flags.c.family)
    )
    return {MarkerFamily(family): day for family, day in rows}


def earlier_mail(connection: sa.Connection, case: int) -> dt.datetime | None:
    """When the last mail to the university address left that has not come back."""
    return connection.execute(
        sa.select(outreach.c.sent_at)
        .where(
            outreach.c.case_id == case,
            outreach.c.rung == Rung.UNIVERSITY_EMAIL,
            outreach.c.status == OutreachStatus.SENT,
        )
        .order_by(outreach.c.sent_at.desc())
        .limit(1)
    ).scalar_one_or_none()
