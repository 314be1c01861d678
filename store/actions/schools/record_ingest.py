"""Record each load of a feed's file, with the rows that were left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.rules.schools import RejectedRow
from store.tables import ingests, quarantine


@dataclass(frozen=True, slots=True)
class Ingest:
    """One file that was loaded. ``sha256`` is of its content; file names have no folders."""

    source: str
    file: str
    sha256: str
    accepted: int
    rejected: int
    rows: Sequence[RejectedRow] = ()
    trouble: str = ""


def record_ingest(store: Store, ingest: Ingest) -> None:
    """Save the report of a load. The same file with the same result is not saved twice."""
    with store.unit_of_work() as work:
        same = sa.and_(
            ingests.c.source == ingest.source,
            ingests.c.file == ingest.file,
            ingests.c.sha256 == ingest.sha256,
            ingests.c.accepted == ingest.accepted,
            ingests.c.rejected == ingest.rejected,
        )
        newest = work.connection.execute(
            sa.select(same)
            .where(ingests.c.source == ingest.source, ingests.c.file == ingest.file)
            .order_by(ingests.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        if newest:
            return
        number = work.connection.execute(
            sa.insert(ingests)
            .values(
                source=ingest.source,
                file=ingest.file,
                sha256=ingest.sha256,
                at=work.now,
                accepted=ingest.accepted,
                rejected=ingest.rejected,
                trouble=ingest.trouble,
            )
            .returning(ingests.c.id)
        ).scalar_one()
        if ingest.rows:
            work.connection.execute(
                sa.insert(quarantine),
                [
                    {"ingest_id": number, "file": row.file, "line": row.line, "reason": row.reason}
                    for row in ingest.rows
                ],
            )
        work.record(
            "system:feeds",
            "ingest",
            f"source:{ingest.source}",
            accepted=ingest.accepted,
            rejected=ingest.rejected,
        )


def record_copy(store: Store, source: str, file: str, sha256: str) -> bool:
    """Record that ``file`` is a copy of one that was loaded, with that one's result.

    Returns False where no load of this content is recorded.
    """
    with store.database.read() as connection:
        loaded = connection.execute(
            sa.select(ingests)
            .where(ingests.c.source == source, ingests.c.sha256 == sha256)
            .order_by(ingests.c.id.desc())
            .limit(1)
        ).first()
        if loaded is None:
            return False
        left_out = connection.execute(
            sa.select(quarantine.c.line, quarantine.c.reason)
            .where(quarantine.c.ingest_id == loaded.id)
            .order_by(quarantine.c.id)
        ).all()
    rows = [RejectedRow(file, line, reason) for line, reason in left_out]
    result = (loaded.accepted, loaded.rejected, rows, loaded.trouble)
    record_ingest(store, Ingest(source, file, sha256, *result))
    return True


def is_newest(store: Store, source: str, file: str, sha256: str) -> bool:
    """Return whether the newest delivery under this file name had this content.

    Delivering an older content again, after a correction, is a new delivery: it undoes the
    correction.
    """
    with store.database.read() as connection:
        newest = connection.execute(
            sa.select(ingests.c.sha256)
            .where(ingests.c.source == source, ingests.c.file == file)
            .order_by(ingests.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
    return newest == sha256
