"""The outbox: work outside Lantern, such as emails and posts. The job queue only wakes a worker.

A row is written in the transaction of the decision that causes it (here), and handled by the worker
that claims it (``claims``), which records the result (``results``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import UnitOfWork
from store.rules.model import OutboxKind, OutboxState
from store.tables import outbox


def put(
    work: UnitOfWork,
    kind: OutboxKind,
    key: str,
    *,
    school: int,
    case: int | None = None,
    outreach: int | None = None,
    day: dt.date | None = None,
    not_before: dt.datetime | None = None,
) -> None:
    """Add a row to the outbox, once for its ``key``."""
    row = {
        "idem_key": key,
        "kind": kind,
        "school_id": school,
        "case_id": case,
        "outreach_id": outreach,
        "day": day,
        "not_before": not_before or work.now,
    }
    put_many(work, [row])


def is_known(work: UnitOfWork, key: str) -> bool:
    """Return whether the outbox holds a row with this key already."""
    return bool(known_keys(work, [key]))


def known_keys(work: UnitOfWork, keys: Collection[str]) -> frozenset[str]:
    """Return those of these keys that the outbox has a row for."""
    if not keys:
        return frozenset()
    query = sa.select(outbox.c.idem_key).where(outbox.c.idem_key.in_(keys))
    return frozenset(work.connection.execute(query).scalars())


def put_many(work: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Add many rows at once; each has the columns that ``put`` fills."""
    if not rows:
        return
    complete = [
        {
            "state": OutboxState.DUE,
            "attempts": 0,
            "not_before": work.now,
            "outreach_id": None,
            "notice_id": None,
        }
        | row
        for row in rows
    ]
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(outbox) if is_sqlite else postgresql.insert(outbox)
    work.connection.execute(insert.on_conflict_do_nothing(index_elements=["idem_key"]), complete)
    for kind in {row["kind"] for row in rows}:
        work.wake(kind, (row["idem_key"] for row in rows if row["kind"] == kind))
