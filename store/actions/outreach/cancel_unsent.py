"""Cancel emails that have not been sent, or check them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
    why: str = "",
    by: int | None = None,
    not_told: Collection[int] = (),
) -> list[int]:
    """Cancel a case's drafts and approved emails, or ``which`` of them; returns their ids.

    ``why`` is a clause, such as "the case was closed": with it the author and the approver of an
    approved email hear that it was not sent, unless they did this themselves (``by``).
    """
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
    certain = list(
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
            .returning(outbox.c.outreach_id)
        ).scalars()
    )
    if why and certain:
        _tell(work, certain, why, by, not_told)
    return stopped


def _tell(
    work: UnitOfWork, mails: Sequence[int], why: str, by: int | None, not_told: Collection[int]
) -> None:
    """Record why approved emails were not sent, and tell their authors and approvers."""
    here = outreach.c.id.in_(mails)
    work.connection.execute(sa.update(outreach).where(here).values(not_sent=why))
    rows = work.connection.execute(
        sa.select(
            outreach.c.id,
            outreach.c.case_id,
            outreach.c.drafter_id,
            outreach.c.approver_id,
            cases.c.school_id,
        )
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(here)
    ).all()
    for row in rows:
        told = Notice(NoticeKind.NOT_SENT, row.school_id, str(row.id), row.case_id, row.id)
        people = {row.drafter_id, row.approver_id}.difference({None, *not_told})
        notify_people(work, sorted(people), told, by=by)


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
