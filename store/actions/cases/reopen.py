"""Reopen a closed case, or merge it into the student's newer one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store.actions.request import CaseRequest, Request, on_case
from store.db.database import Connection
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.tables import CASE_IS_OPEN, cases


def reopen_case(store: Store, request: Request, case_id: int) -> str | None:
    """Reopen a closed case. Its outcome is removed, and its history stays.

    A student has one open case at most. If there is a newer one, this case is merged into it and
    the newer reference is returned; else None.
    """
    with on_case(store, request, Action.REOPEN, case_id) as asked:
        newer = newer_case(asked.work.connection, asked.case)
        if newer is not None:
            asked.move(Move.MERGE, merged_into=newer.id)
            asked.record("merge", into=newer.id)
            return str(newer.reference)
        reopen(asked)
        asked.record("reopen", outcome=asked.case.outcome)
        return None


def newer_case(connection: Connection, case: Case) -> sa.Row[Any, Any] | None:
    """Return the id and the reference of the student's open case, where that is another one."""
    return connection.execute(
        sa.select(cases.c.id, cases.c.reference).where(
            cases.c.student_id == case.student, CASE_IS_OPEN, cases.c.id != case.id
        )
    ).one_or_none()


def reopen(asked: CaseRequest) -> None:
    """Open a closed case again, without its outcome: to discuss it, or to act on the answer on
    which no one had acted."""
    asked.move(
        Move.REOPEN,
        outcome=None,
        outcome_note="",
        closed_at=None,
        helped=[],
        usefulness=None,
        snoozed_until=None,
        rested_from=None,
    )
