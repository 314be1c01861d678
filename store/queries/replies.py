"""What came back to the mails of a case."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.rules.model import AnswerKind
from store.tables import replies


def came_back(
    connection: sa.Connection, case_id: int, kind: AnswerKind
) -> tuple[tuple[dt.datetime, str], ...]:
    """(when, words) of everything of this kind, oldest first."""
    rows = connection.execute(
        sa.select(replies.c.received_at, replies.c.body)
        .where(replies.c.case_id == case_id, replies.c.kind == kind)
        .order_by(replies.c.received_at, replies.c.id)
    )
    return tuple((row.received_at, row.body) for row in rows)
