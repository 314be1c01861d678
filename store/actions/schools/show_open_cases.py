"""Update the cards of open cases in a school's channels when the channels have changed."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.rules.model import OutboxKind
from store.tables import CASE_IS_OPEN, alerts, cases, flags


def show_open_cases(work: UnitOfWork, school: int) -> None:
    """Queue the cards of a school's open cases, and of those that it contributes to.

    A card that is in a channel already, unchanged, is left alone.
    """
    concerned = sa.union(
        sa.select(cases.c.id).where(cases.c.school_id == school),
        sa.select(flags.c.case_id).where(flags.c.school_id == school),
        sa.select(alerts.c.case_id).where(alerts.c.from_school_id == school),
    )
    which = sa.select(cases.c.id).where(CASE_IS_OPEN, cases.c.id.in_(concerned))
    rows = [
        {
            "idem_key": f"card:{case}:{school}:{work.now:%Y%m%dT%H%M%S}",
            "kind": OutboxKind.CARD,
            "school_id": school,
            "case_id": case,
            "day": None,
        }
        for case in work.connection.execute(which.order_by(cases.c.id)).scalars()
    ]
    outbox.put_many(work, rows)
