"""Read what a case's card adds to the case: who was asked, and the titles of its modules."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import asks, flags, modules, staff


def names_asked(connection: sa.Connection, case: int) -> tuple[str, ...]:
    """Return the names of colleagues who were asked for a view and have not given it."""
    query = (
        sa.select(staff.c.name)
        .join(asks, asks.c.asked_id == staff.c.id)
        .where(asks.c.case_id == case, asks.c.answered_at.is_(None))
        .order_by(asks.c.id)
    )
    return tuple(dict.fromkeys(connection.execute(query).scalars()))


def module_titles(connection: sa.Connection, case: int) -> dict[str, str]:
    """Map the code of each module in the case's flags to its title, where it has one."""
    query = (
        sa.select(modules.c.code, modules.c.title)
        .join(flags, flags.c.module == modules.c.code)
        .where(flags.c.case_id == case)
        .distinct()
    )
    return {code: title for code, title in connection.execute(query) if title.strip()}
