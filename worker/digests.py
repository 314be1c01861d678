"""The morning's digest: asked for once a school and day."""

from __future__ import annotations

import datetime as dt

from store import outbox
from store.rules.model import OutboxKind
from store.unit_of_work import UnitOfWork


def request_digest(work: UnitOfWork, school: int, day: dt.date) -> None:
    """Have the school's digest of this day posted, unless it was asked for before."""
    outbox.put(work, OutboxKind.DIGEST, f"digest:{school}:{day}", school=school, day=day)
