"""Cancel emails that have not been sent, or check them again."""

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
    if not stopped:
        return stopped
    work.connection.execute(
        sa.update(outbox)
        .where(
            outbox.c.outreach_id.in_(stopped),
            outbox.c.state == OutboxState.DUE,
            # An email that was handed over may have left, or lie among the drafts; the worker
            # looks before it cancels.
            outbox.c.provider_ref.is_(None),
            outbox.c.unresolved_since.is_(None),
        )
        .values(state=OutboxState.CANCELLED, settled_at=work.now)
    )
    return stopped


def look_now(work: UnitOfWork, student: int) -> None:
    """Wake a student's approved emails that wait for a later time, so that they are checked now.

    Every check is repeated, so that no email is sent that is no longer allowed.
    """
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
            # An email that may have been sent is checked when the mail service shows it everywhere.
            outbox.c.unresolved_since.is_(None),
            outbox.c.outreach_id.in_(theirs),
        )
        .values(not_before=work.now)
    )
    if woken.rowcount:
        work.wake(OutboxKind.MAIL)
