"""Find the reasons why a student cannot be erased now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import dependents as reach
from store.rules.model import OutboxState
from store.rules.students.data_requests import DataAsk
from store.rules.text.formatting import listed
from store.tables import (
    CASE_IS_OPEN,
    cases,
    complaints,
    data_requests,
    outbox,
    preservations,
    students,
)


@dataclass(frozen=True, slots=True)
class ErasureBlocker:
    """A reason why an erasure is not possible now. ``passes``: it soon ends by itself."""

    sentence: str
    passes: bool = False


def erasure_blocker(
    connection: sa.Connection,
    student: int,
    root: sa.Table = students,
    ids: Collection[int] | None = None,
) -> ErasureBlocker | None:
    """Return why a student cannot be erased now; None where they can.

    With ``ids``, this asks only about these rows of ``root``, such as single cases.
    """
    if found := lasting_blocker(connection, student):
        return found
    if is_busy(connection, root, [student] if ids is None else ids):
        return ErasureBlocker(
            "Something about this student is being posted or sent at this moment. Try again in a "
            "few minutes.",
            passes=True,
        )
    return None


def lasting_blocker(connection: sa.Connection, student: int) -> ErasureBlocker | None:
    """Return the complaint, request or hold that keeps a student's data; None for none."""
    if found := _complaints(connection, student):
        return ErasureBlocker(
            f"A complaint about {listed(found)} is open, and its evidence is kept until it is "
            "resolved. The engagement lead resolves it."
        )
    if asked := _asked_about_data(connection, student):
        return ErasureBlocker(
            f"A {asked.noun} of this student is open. Answer it first: /lantern requests."
        )
    if is_preserved(connection, student):
        return ErasureBlocker(
            "There is a hold on this student's data. End it first, with /lantern preserve, the "
            "student number and the word end."
        )
    return None


def students_kept(connection: sa.Connection) -> frozenset[int]:
    """Return the students whose data no period deletes now: those with a ``lasting_blocker``."""
    complaining = (
        sa.select(cases.c.student_id)
        .join(complaints, complaints.c.case_id == cases.c.id)
        .where(complaints.c.resolved_at.is_(None))
    )
    query = sa.union(
        complaining,
        sa.select(data_requests.c.student_id).where(data_requests.c.answered_at.is_(None)),
        sa.select(preservations.c.student_id).where(preservations.c.ended_at.is_(None)),
    )
    return frozenset(connection.execute(query).scalars())


def students_with_activity_kept(connection: sa.Connection) -> frozenset[int]:
    """Return the students whose activity no period deletes now: those of ``students_kept``, and
    those with an open case, which rests on their activity."""
    open_cases = sa.select(cases.c.student_id).where(CASE_IS_OPEN)
    return students_kept(connection) | frozenset(connection.execute(open_cases).scalars())


def is_preserved(connection: sa.Connection, student: int) -> bool:
    """Return whether the data protection officer has placed a hold on the data."""
    query = sa.select(preservations.c.id).where(
        preservations.c.student_id == student, preservations.c.ended_at.is_(None)
    )
    return connection.execute(query).first() is not None


def is_busy(connection: sa.Connection, root: sa.Table, ids: Collection[int]) -> bool:
    """Return whether a worker is sending for the student, or an email's result is unknown."""
    mine = reach.reach(connection, root, ids)[outbox]
    at_work = (outbox.c.state == OutboxState.SENDING) | (
        (outbox.c.state == OutboxState.DUE) & outbox.c.unresolved_since.is_not(None)
    )
    rows = connection.execute(
        # Locked, so that no worker takes a row up during the erasure.
        sa.select(outbox.c.id, at_work.label("at_work")).where(mine).with_for_update()
    ).all()
    return any(row.at_work for row in rows)


def _asked_about_data(connection: sa.Connection, student: int) -> DataAsk | None:
    """Return what the student asked about their data and has no answer to; None for nothing.

    To erase what a person has asked to see is an offence.
    """
    query = sa.select(data_requests.c.kind).where(
        data_requests.c.student_id == student, data_requests.c.answered_at.is_(None)
    )
    found = connection.execute(query.order_by(data_requests.c.id).limit(1)).scalar_one_or_none()
    return DataAsk(found) if found else None


def _complaints(connection: sa.Connection, student: int) -> list[str]:
    query = (
        sa.select(cases.c.reference)
        .join(complaints, complaints.c.case_id == cases.c.id)
        .where(cases.c.student_id == student, complaints.c.resolved_at.is_(None))
        .distinct()
        .order_by(cases.c.reference)
    )
    return list(connection.execute(query).scalars())
