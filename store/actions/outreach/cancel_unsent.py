"""Emails that have not left and are not to leave any more."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.rules.model import OutboxKind, OutboxState, OutreachStatus
from store.tables import cases, outbox, outreach

_PENDING = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)


def cancel_unsent(work: UnitOfWork, case_id: int, *which: sa.ColumnElement[bool]) -> list[int]:
    """Cancel a case's drafts and approved emails, or ``which`` of them; returns their ids."""
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
            # An email that was handed over may have left; the worker looks before it cancels.
            outbox.c.provider_ref.is_(None),
        )
        .values(state=OutboxState.CANCELLED, settled_at=work.now)
    )
    return stopped


def look_now(work: UnitOfWork, student: int) -> None:
    """Have a student's approved emails, which wait for the morning or their turn, looked at now:
    every gate is asked again, so that none leaves that may not."""
    theirs = (
        sa.select(outreach.c.id)
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(cases.c.student_id == student)
    )
    woken = work.connection.execute(
        sa.update(outbox)
        .where(
            outbox.c.kind == OutboxKind.MAIL,
            outbox.c.state == OutboxState.DUE,
            # What may have left already is looked at when the mail service shows it everywhere.
            outbox.c.unresolved_since.is_(None),
            outbox.c.outreach_id.in_(theirs),
        )
        .values(not_before=work.now)
    )
    if woken.rowcount:
        work.wake(OutboxKind.MAIL)
