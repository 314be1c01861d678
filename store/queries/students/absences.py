"""Read requests to be absent: the student's own, and one for the colleague who decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.student_keys import open_words
from store.rules.students.messages import Saying
from store.tables import absence_requests, sayings


@dataclass(frozen=True, slots=True)
class OwnAbsence:
    """A request as its student reads it. ``agreed`` is None until a colleague has decided."""

    at: dt.datetime
    first: dt.date
    last: dt.date
    reason: str
    has_document: bool
    """Whether a document waits to be read; it is deleted with the decision."""
    agreed: bool | None
    answer: str
    answered_at: dt.datetime | None
    id: int = 0
    is_withdrawn: bool = False
    """Whether the student took it back, so that no colleague decided."""


@dataclass(frozen=True, slots=True)
class AbsenceRead:
    """A request as the colleague who decides reads it.

    ``reference`` is '' without a case. ``document`` is the address that hands the document out,
    once and for some minutes; '' where none waits. ``agreed`` is None until a colleague has
    decided; then the reason is '' for everyone but that colleague.
    """

    id: int
    reference: str
    name: str
    number: str
    at: dt.datetime
    first: dt.date
    last: dt.date
    reason: str
    document: str
    agreed: bool | None
    answer: str
    is_withdrawn: bool = False
    """Whether the student took it back before a colleague decided."""


def own_absences(connection: sa.Connection, student: int) -> tuple[OwnAbsence, ...]:
    """Return a student's requests, newest first, for them alone; the caller has audited it."""
    asked = absence_requests.c
    rows = connection.execute(
        sa.select(
            sayings.c.at,
            sayings.c.answer,
            sayings.c.answered_at,
            sayings.c.answered_by,
            asked.saying_id,
            asked.first,
            asked.last,
            asked.reason,
            asked.agreed,
            asked.document.is_not(None).label("has_document"),
        )
        .join(sayings, sayings.c.id == asked.saying_id)
        .where(asked.student_id == student)
        .order_by(sayings.c.at.desc(), sayings.c.id.desc())
    ).all()
    return tuple(
        OwnAbsence(
            row.at,
            row.first,
            row.last,
            open_words(connection, row.reason),
            row.has_document,
            row.agreed,
            open_words(connection, row.answer),
            row.answered_at,
            row.saying_id,
            row.agreed is False and row.answered_by is None,
        )
        for row in rows
    )


def is_absence(connection: sa.Connection, saying: int) -> bool:
    """Return whether this message of a student is a request to be absent."""
    kind = connection.execute(sa.select(sayings.c.kind).where(sayings.c.id == saying))
    return kind.scalar_one_or_none() == Saying.ABSENCE
