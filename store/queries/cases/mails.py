"""List the emails of a case for its card: authors, approvers and results."""

from __future__ import annotations

import sqlalchemy as sa

from store.queries.cases.records import MailView
from store.rules.model import OutreachStatus, Rung
from store.tables import outreach, staff


def mails_of(connection: sa.Connection, case_id: int) -> tuple[MailView, ...]:
    """Return every email of the case without its words, oldest first."""
    drafter, approver = staff.alias("drafter"), staff.alias("approver")
    rows = connection.execute(
        sa.select(
            outreach.c.id,
            outreach.c.rung,
            outreach.c.status,
            outreach.c.not_sent,
            outreach.c.prepared,
            drafter.c.name.label("drafter"),
            approver.c.name.label("approver"),
            sa.func.coalesce(
                outreach.c.sent_at, outreach.c.approved_at, outreach.c.drafted_at
            ).label("at"),
        )
        .join(drafter, drafter.c.id == outreach.c.drafter_id)
        .outerjoin(approver, approver.c.id == outreach.c.approver_id)
        .where(outreach.c.case_id == case_id)
        .order_by(outreach.c.id)
    )
    return tuple(
        MailView(
            row.id,
            Rung(row.rung),
            OutreachStatus(row.status),
            row.drafter,
            row.approver,
            row.at,
            row.not_sent,
            row.prepared,
        )
        for row in rows
    )
