"""How a case ends: with an outcome, by a named person."""

from __future__ import annotations

import sqlalchemy as sa

from store.casework.request import Request, on_case
from store.rules.access import Action
from store.rules.lifecycle import Move
from store.rules.model import OutboxState, Outcome, OutreachStatus
from store.tables import outbox, outreach
from store.unit_of_work import Store


def close(store: Store, request: Request, case_id: int, outcome: Outcome, note: str = "") -> None:
    """Close a case. A mail that has not left yet does not leave any more."""
    with on_case(store, request, Action.CLOSE, case_id) as asked:
        work = asked.work
        asked.move(
            Move.CLOSE,
            closed_at=work.now,
            outcome=outcome,
            outcome_note=" ".join(note.split()),
        )
        pending = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)
        stopped = work.connection.execute(
            sa.update(outreach)
            .where(outreach.c.case_id == case_id, outreach.c.status.in_(pending))
            .values(status=OutreachStatus.CANCELLED, version=outreach.c.version + 1)
            .returning(outreach.c.id)
        ).scalars()
        work.connection.execute(
            sa.update(outbox)
            .where(
                outbox.c.outreach_id.in_(list(stopped)),
                outbox.c.state == OutboxState.DUE,
                # A mail that was handed over may have left; the worker looks before it cancels.
                outbox.c.provider_ref.is_(None),
            )
            .values(state=OutboxState.CANCELLED, settled_at=work.now)
        )
        asked.record("close", outcome=outcome)
