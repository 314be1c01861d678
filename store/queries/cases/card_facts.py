"""Read what a case's card adds to the case: who was asked for a view."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import asks, staff


def names_asked(connection: sa.Connection, case: int) -> tuple[str, ...]:
    """Return the names of colleagues who were asked for a view and have not given it."""
    query = (
        sa.select(staff.c.name)
        .join(asks, asks.c.asked_id == staff.c.id)
        .where(asks.c.case_id == case, asks.c.answered_at.is_(None))
        .order_by(asks.c.id)
    )
    return tuple(dict.fromkeys(connection.execute(query).scalars()))
