"""Cancel emails that have not been sent, or check them again."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.db.unit_of_work import UnitOfWork
from store.rules.model import NoticeKind, OutboxKind, OutboxState, OutreachStatus
from store.tables import cases, outbox, outreach

_PENDING = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)


def cancel_unsent(
    work: UnitOfWork,
    case_id: int,
    *which: sa.ColumnElement[bool],
    why: str,
    by: int | None = None,
    not_told: Collection[int] = (),
) -> list[int]:
    """Cancel a case's drafts and approved emails, or ``which`` of them; returns their ids.

    ``why`` is a clause, such as "the case was closed". The author and the approver hear it, unless
    they did this themselves (``by``), or are ``not_told``. A draft that no one has touched is
    Lantern's own, so its owner is not told.
    """
    stopped = work.connection.execute(
        sa.update(outreach)
        .where(outreach.c.case_id == case_id, outreach.c.status.in_(_PENDING), *which)
        .values(status=OutreachStatus.CANCELLED, version=outreach.c.version + 1, not_sent=why)
        .returning(
            outreach.c.id, outreach.c.drafter_id, outreach.c.approver_id, outreach.c.prepared
        )
    ).all()
    if not stopped:
        return []
    ids = [row.id for row in stopped]
    certain = set(
        work.connection.execute(
            sa.update(outbox)
            .where(
                outbox.c.outreach_id.in_(ids),
                outbox.c.state == OutboxState.DUE,
                # An email that was handed over may have been sent, or may still be a draft in the
                # mailbox. The worker looks before it cancels, and then tells them.
                outbox.c.provider_ref.is_(None),
                outbox.c.unresolved_since.is_(None),
            )
            .values(state=OutboxState.CANCELLED, settled_at=work.now)
            .returning(outbox.c.outreach_id)
        ).scalars()
    )
    school = work.connection.execute(
        sa.select(cases.c.school_id).where(cases.c.id == case_id)
    ).scalar_one()
    for row in stopped:
        if row.id in certain or (row.approver_id is None and not row.prepared):
            told = Notice(NoticeKind.NOT_SENT, school, str(row.id), case_id, row.id)
            people = {row.drafter_id, row.approver_id}.difference({None, *not_told})
            notify_people(work, sorted(people), told, by=by)
    return ids


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
