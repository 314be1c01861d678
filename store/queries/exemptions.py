"""Who is exempt on a day: silence then means nothing, and nobody writes about it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.rules.model import ExemptionKind
from store.tables import exemptions


def exemption_on(connection: sa.Connection, student: int, day: dt.date) -> ExemptionKind | None:
    """The gravest exemption of a student in any school on this day, or None."""
    kinds = set(
        connection.execute(
            sa.select(exemptions.c.kind).where(exemptions.c.student_id == student, _holds_on(day))
        ).scalars()
    )
    if ExemptionKind.DECEASED in kinds:
        return ExemptionKind.DECEASED
    return ExemptionKind(min(kinds)) if kinds else None


def _holds_on(day: dt.date) -> sa.ColumnElement[bool]:
    return sa.and_(
        exemptions.c.ended_at.is_(None),
        exemptions.c.first <= day,
        exemptions.c.last.is_(None) | (exemptions.c.last >= day),
    )
