"""Count what waits to be sent, for operators. Numbers only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.model import OutboxKind, OutboxState
from store.tables import REPLACED, closed_channels, outbox, screenings, stops

WAITING = (OutboxState.DUE, OutboxState.SENDING, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Outbox rows not finished yet. ``rows`` counts them by kind and state.

    ``oldest`` is the longest time since a row fell due, by kind; a missing kind has nothing due.
    ``held`` counts by kind the rows of a school whose place takes nothing now: a trouble says why,
    and the processes are not the cause. ``oldest_free`` is as ``oldest``, without them.
    ``put_off`` counts by kind the rows that a service refused for now, to be tried later.
    ``screened_at`` is the newest screening of any school.
    """

    rows: dict[tuple[OutboxKind, OutboxState], int]
    oldest: dict[OutboxKind, dt.timedelta]
    oldest_free: dict[OutboxKind, dt.timedelta]
    held: dict[OutboxKind, int]
    put_off: dict[OutboxKind, int]
    screened_at: dt.datetime | None
    stops: int
    closed_channels: int


def backlog(connection: sa.Connection, now: dt.datetime) -> Backlog:
    """Count the waiting rows of the outbox by kind and state, and when each kind became due."""
    counted = connection.execute(
        sa.select(outbox.c.kind, outbox.c.state, sa.func.count())
        .where(outbox.c.state.in_(WAITING))
        .group_by(outbox.c.kind, outbox.c.state)
    )
    first = outbox.alias()
    is_free = ~sa.exists().where(
        first.c.kind == outbox.c.kind,
        first.c.school_id == outbox.c.school_id,
        first.c.state == OutboxState.DUE,
        first.c.waiting_since.is_not(None),
    )
    held = connection.execute(
        sa.select(outbox.c.kind, sa.func.count())
        .where(outbox.c.state == OutboxState.DUE, ~is_free)
        .group_by(outbox.c.kind)
    )
    later = connection.execute(
        sa.select(outbox.c.kind, sa.func.count())
        .where(
            outbox.c.state == OutboxState.DUE,
            outbox.c.not_before > now,
            outbox.c.trouble.is_not(None),
        )
        .group_by(outbox.c.kind)
    )
    return Backlog(
        rows={(OutboxKind(kind), OutboxState(state)): number for kind, state, number in counted},
        oldest=_oldest(connection, now),
        oldest_free=_oldest(connection, now, is_free),
        held={OutboxKind(kind): number for kind, number in held},
        put_off={OutboxKind(kind): number for kind, number in later},
        screened_at=connection.execute(sa.select(sa.func.max(screenings.c.at))).scalar_one(),
        stops=_count(connection, stops, stops.c.ended_at.is_(None)),
        closed_channels=_count(connection, closed_channels, closed_channels.c.why != REPLACED),
    )


def _oldest(
    connection: sa.Connection, now: dt.datetime, *conditions: sa.ColumnElement[bool]
) -> dict[OutboxKind, dt.timedelta]:
    due = connection.execute(
        sa.select(outbox.c.kind, sa.func.min(outbox.c.not_before))
        .where(outbox.c.state == OutboxState.DUE, outbox.c.not_before <= now, *conditions)
        .group_by(outbox.c.kind)
    )
    return {OutboxKind(kind): now - since for kind, since in due}


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(condition)
    return connection.execute(query).scalar_one()
