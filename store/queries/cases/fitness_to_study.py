"""Find the cases that may come to Fitness to Study, and those for which it was invoked."""

from __future__ import annotations

import sqlalchemy as sa

from store.rules.model import CaseStatus, FitnessDecision, NoticeKind
from store.tables import cases, fitness, notices


def cases_being_worked_on(connection: sa.Connection) -> dict[int, int]:
    """Map each case in contact or under discussion to its school."""
    rows = connection.execute(
        sa.select(cases.c.id, cases.c.school_id).where(
            cases.c.status.in_([CaseStatus.IN_CONTACT, CaseStatus.DISCUSSING])
        )
    )
    return {row.id: row.school_id for row in rows}


def cases_in_fitness(connection: sa.Connection) -> dict[int, int]:
    """Map each case with Fitness to Study invoked to its school.

    Without the cases whose leads were told of a sign of the student since then.
    """
    heard = sa.exists().where(
        notices.c.case_id == cases.c.id,
        notices.c.kind == NoticeKind.FITNESS,
        notices.c.about.is_not(None),
        notices.c.at >= fitness.c.at,
    )
    rows = connection.execute(
        sa.select(cases.c.id, cases.c.school_id)
        .join(fitness, fitness.c.case_id == cases.c.id)
        .where(fitness.c.decision == FitnessDecision.INVOKE, ~heard)
        .order_by(cases.c.id)
    )
    return {row.id: row.school_id for row in rows}
