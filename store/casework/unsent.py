"""Mails that have not left and are not to leave any more."""

from __future__ import annotations

import sqlalchemy as sa

from store.rules.model import OutboxState, OutreachStatus
from store.tables import outbox, outreach
from store.unit_of_work import UnitOfWork

_PENDING = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)


def cancel_unsent(work: UnitOfWork, case_id: int, *which: sa.ColumnElement[bool]) -> list[int]:
    """Cancel a case's drafts and approved mails, or ``which`` of them; returns their ids."""
    stopped = list(
        work.connection.execute(
            sa.update(outreach)
            .where(outreach.c.case_id == case_id, outreach.c.status.in_(_PENDING), *which)
            .values(status=OutreachStatus.CANCELLED, version=outreach.c.version + 1)
            .returning(outreach.c.id)
        ).scalars()
    )
    work.connection.execute(
        sa.update(outbox)
        .where(
            outbox.c.outreach_id.in_(stopped),
            outbox.c.state == OutboxState.DUE,
            # A mail that was handed over may have left; the worker looks before it cancels.
            outbox.c.provider_ref.is_(None),
        )
        .values(state=OutboxState.CANCELLED, settled_at=work.now)
    )
    return stopped
