"""The health of a school's feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.tables import ingests


@dataclass(frozen=True, slots=True)
class Feed:
    """A source as it was last delivered; ``at`` is None where it never was."""

    source: str
    at: dt.datetime | None
    accepted: int
    rejected: int
    trouble: str


def feeds(connection: sa.Connection, sources: Iterable[str]) -> list[Feed]:
    """The newest delivery of each source."""
    found = []
    for source in sorted(set(sources)):
        row = connection.execute(
            sa.select(ingests).where(ingests.c.source == source).order_by(ingests.c.id.desc())
        ).first()
        found.append(
            Feed(source, row.at, row.accepted, row.rejected, row.trouble)
            if row
            else Feed(source, None, 0, 0, "")
        )
    return found
