"""Up to which row of the audit an anchor was emailed, and when."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.tables import revisions

_MAILED = "mailed anchor"


def mailed_anchor(connection: sa.Connection) -> tuple[int, dt.datetime] | None:
    """Return the row whose anchor was emailed last, and when; None where none was."""
    query = sa.select(revisions.c.token).where(revisions.c.name == _MAILED)
    token = connection.execute(query).scalar_one_or_none()
    if token is None:
        return None
    seq, at = token.split()
    return int(seq), dt.datetime.fromisoformat(at)


def remember_mailed(store: Store, seq: int, at: dt.datetime) -> None:
    """Note that the anchor of this row of the audit was emailed."""
    with store.unit_of_work() as work:
        of_anchors = revisions.c.name == _MAILED
        work.connection.execute(sa.delete(revisions).where(of_anchors))
        token = f"{seq} {at.isoformat()}"
        work.connection.execute(sa.insert(revisions).values(name=_MAILED, token=token))
