"""Read what colleagues said in the thread of a case's card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.tables import remarks, staff


@dataclass(frozen=True, slots=True)
class ThreadReply:
    """One reply, with its author's name. It is context, never a view."""

    author: str
    body: str
    at: dt.datetime


def remarks_on(connection: sa.Connection, case_id: int) -> tuple[ThreadReply, ...]:
    """Return all remarks on a case, oldest first."""
    rows = connection.execute(
        sa.select(staff.c.name, remarks.c.body, remarks.c.at)
        .join(staff, staff.c.id == remarks.c.author_id)
        .where(remarks.c.case_id == case_id)
        .order_by(remarks.c.at, remarks.c.id)
    )
    return tuple(ThreadReply(*row) for row in rows)
