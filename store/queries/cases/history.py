"""Read a student's earlier closed cases, hidden until a colleague opens them (paragraph 17)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.queries.flag_facts import FACT, reasons_once
from store.rules.access.permissions import Action, schools_where
from store.rules.cases.case import Actor, Case
from store.rules.model import ENDED_CASES
from store.tables import cases, flags


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case that is closed, and the reasons for which it was opened."""

    reference: str
    opened_on: dt.date
    closed_at: dt.datetime | None
    ended: str
    """The outcome, or how it ended without one."""
    reasons: tuple[str, ...]


def earlier_cases(connection: sa.Connection, case: Case, reader: Actor) -> tuple[EarlierCase, ...]:
    """Return the earlier cases in schools where the reader may identify students, newest first."""
    rows = connection.execute(
        sa.select(cases)
        .where(
            cases.c.student_id == case.student,
            cases.c.id != case.id,
            cases.c.erased_at.is_(None),
            cases.c.status.in_(sorted(ENDED_CASES)),
            cases.c.school_id.in_(schools_where(reader, Action.REVEAL)),
        )
        .order_by(cases.c.id.desc())
    ).all()
    found = []
    for row in rows:
        each = repository.case_from_row(row, *repository.open_complaints(connection, row.id))
        if reader.id in each.barred:
            continue
        flagged = connection.execute(
            sa.select(flags.c.reason_staff, *FACT)
            .where(flags.c.case_id == row.id)
            .order_by(flags.c.id)
        )
        reasons = [said for _, said in reasons_once(connection, flagged)]
        ended = (each.outcome or each.status).label
        found.append(
            EarlierCase(each.reference, each.opened_on, row.closed_at, ended, tuple(reasons))
        )
    return tuple(found)
