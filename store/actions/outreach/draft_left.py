"""Record a draft that may be left in a mailbox, in the transaction that cancels its email.

A draft holds the student's own links, and colleagues can reach the school's mailbox. So it is
deleted even where the worker that would do so at once dies first.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.troubles import Trouble, note_within
from store.db.unit_of_work import UnitOfWork
from store.delivery.claims import OutboxRow
from store.rules.model import TroubleKind
from store.tables import outbox

LEFT = "A draft that must not be sent is in the school's mailbox. Delete it there."


def draft_left(row: OutboxRow, mailbox: str) -> Trouble:
    """Build the trouble that records a row's leftover draft until it is deleted."""
    key = f"{mailbox} {row.key}"
    return Trouble(TroubleKind.DRAFT, key, LEFT, row.school, row.case_id or None)


def note_draft_left(work: UnitOfWork, row: OutboxRow, mailbox: str) -> None:
    """Record that a cancelled row's draft has to be deleted, where one may exist."""
    written = sa.select(outbox.c.provider_ref).where(outbox.c.id == row.id)
    was_tried = row.attempts > 1 or row.waiting_since is not None
    if was_tried or work.connection.execute(written).scalar_one() is not None:
        note_within(work, draft_left(row, mailbox))
