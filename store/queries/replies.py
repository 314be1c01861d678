"""What came back to the mails of a case, and when its student was heard."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.rules.model import AnswerKind
from store.tables import replies, sayings

heard = sa.union_all(
    sa.select(replies.c.case_id, replies.c.outreach_id, replies.c.received_at.label("at")).where(
        replies.c.kind == AnswerKind.ANSWER
    ),
    sa.select(sayings.c.case_id, sayings.c.outreach_id, sayings.c.at).where(
        sayings.c.case_id.is_not(None)
    ),
).subquery("heard")
"""Every time that a student answered on a case: by mail, or by saying something for themselves.
``outreach_id`` is the mail that was answered, NULL where it was none."""


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
