"""Report what an erasure deleted and what it could not, for the data protection officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.errors import InvalidInput
from store.rules.privacy import RemnantKind, RemnantState
from store.tables import channels, erasures, remnants

OUT_OF_REACH = (
    "Answers in Slack that only one person sees, until they load the page again.",
    "Emails that the student received, in the student's own mailbox.",
    "Files delivered to Lantern, in the folder of feeds, and copies that colleagues made.",
    "Backups of the database and of the data folder, until they are overwritten.",
    "Replies below a card in Teams that Lantern was not allowed to read.",
)
"""What no erasure can delete; stated in every receipt."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that a person has to delete by hand."""

    kind: RemnantKind
    where: str
    message: str
    at: dt.datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """An erasure's receipt. ``finished_at`` None: the deletion of a copy is still pending."""

    erasure: int
    school: int
    at: dt.datetime
    finished_at: dt.datetime | None
    rows: int
    gone: int
    redacted: int
    waiting: int
    left: tuple[Left, ...]


def receipt(connection: sa.Connection, erasure: int) -> Receipt:
    """Return the receipt as it is now. ``InvalidInput`` where there is no such erasure."""
    row = connection.execute(sa.select(erasures).where(erasures.c.id == erasure)).one_or_none()
    if row is None:
        raise InvalidInput(
            "There is no erasure with that number. `lantern student erase` printed the right one."
        )
    found = connection.execute(
        sa.select(remnants, channels.c.name)
        .outerjoin(
            channels,
            sa.and_(
                channels.c.platform == remnants.c.platform,
                channels.c.tenant == remnants.c.tenant,
                channels.c.channel == remnants.c.channel,
            ),
        )
        .where(remnants.c.erasure_id == erasure)
        .order_by(remnants.c.id)
    ).all()
    states = [RemnantState(each.state) for each in found]
    return Receipt(
        erasure=erasure,
        school=row.school_id,
        at=row.at,
        finished_at=row.finished_at,
        rows=row.rows_gone,
        gone=states.count(RemnantState.GONE),
        redacted=states.count(RemnantState.REDACTED),
        waiting=states.count(RemnantState.WAITING),
        left=tuple(_left(each) for each in found if each.state == RemnantState.LEFT),
    )


def newest_erasures(
    connection: sa.Connection, schools: Collection[int], limit: int = 10
) -> list[int]:
    """Return the ids of the newest erasures in these schools."""
    query = (
        sa.select(erasures.c.id)
        .where(erasures.c.school_id.in_(schools))
        .order_by(erasures.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def _left(row: sa.Row[tuple[object, ...]]) -> Left:
    place = " ".join(part for part in (row.platform, row.name or row.channel) if part)
    return Left(
        kind=RemnantKind(row.kind),
        where=place or row.tenant or "the activity files",
        message="" if row.kind == RemnantKind.LAKE else row.message,
        at=row.posted_at,
        why=row.trouble,
    )
