"""Compare an email with Lantern's suggestion and with its last author's version."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.cases.case import Outreach
from store.rules.text.diff import Change, changes
from store.tables import staff, wordings


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes since the suggestion, and those of the last author alone.

    ``last`` is empty where there was only one author, since it would be the same.
    """

    suggestion: tuple[Change, ...] = ()
    last: tuple[Change, ...] = ()
    last_by: str = ""


def edits_of(connection: sa.Connection, mail: Outreach) -> Edits:
    """Return the changes that led to an email's words."""
    rows = connection.execute(
        sa.select(wordings.c.subject, wordings.c.body, wordings.c.author_id, staff.c.name)
        .outerjoin(staff, staff.c.id == wordings.c.author_id)
        .where(wordings.c.outreach_id == mail.id)
        .order_by(wordings.c.id)
    ).all()
    if not rows:
        return Edits()
    whole = [f"{row.subject}\n{row.body}" for row in rows]
    suggestion = changes(whole[0], whole[-1])
    if len(rows) < 3:
        return Edits(tuple(suggestion))
    return Edits(tuple(suggestion), tuple(changes(whole[-2], whole[-1])), rows[-1].name or "")
