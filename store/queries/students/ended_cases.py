"""Find students' newest closed cases, and the facts that decide whether a new one is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.batches import chunks
from store.policies.versions import policy_in_force
from store.queries.contacts import contacts_of
from store.rules.calendar import Calendar
from store.rules.flags.grace import Grace
from store.rules.model import CaseStatus, FitnessDecision, Outcome
from store.rules.students.contacts import ContactQuestion, newest_contact
from store.tables import cases, complaints, fitness


@dataclass(frozen=True, slots=True)
class EndedCase:
    """The newest closed case of a student."""

    id: int
    reference: str
    school: int
    owner: int | None
    closed_at: dt.datetime
    in_other_process: bool
    """Whether it was handed to Fitness to Study, still under way: until the student has been in
    touch and the case was closed as anything but referred."""


def newest_closed(connection: sa.Connection, who: Iterable[int]) -> dict[int, EndedCase]:
    """Map each student who has a closed case to the newest one."""
    found: dict[int, EndedCase] = {}
    invoked_at = (
        sa.select(sa.func.max(fitness.c.at))
        .where(fitness.c.case_id == cases.c.id, fitness.c.decision == FitnessDecision.INVOKE)
        .scalar_subquery()
        .label("invoked_at")
    )
    for part in chunks(sorted(who)):
        rows = connection.execute(
            sa.select(cases, invoked_at)
            .where(
                cases.c.student_id.in_(part),
                cases.c.status == CaseStatus.CLOSED,
                cases.c.closed_at.is_not(None),
            )
            .order_by(cases.c.closed_at, cases.c.id)
        )
        for row in rows:
            found[row.student_id] = EndedCase(
                row.id,
                row.reference,
                row.school_id,
                row.owner_id,
                row.closed_at,
                row.invoked_at is not None and _goes_on(connection, row),
            )
    return found


def _goes_on(connection: sa.Connection, case: sa.Row[Any]) -> bool:
    """Return whether Fitness to Study, invoked on this closed case, has not ended with it."""
    if case.outcome == Outcome.REFERRAL_AGREED:
        return True
    asked = ContactQuestion.LADDER
    last = newest_contact(contacts_of(connection, case.student_id, Calendar(), asked), asked)
    return last is None or last.at < case.invoked_at


def with_open_complaint(connection: sa.Connection, who: Iterable[int]) -> frozenset[int]:
    """Return those of these students with an open complaint about one of their cases."""
    found: set[int] = set()
    for part in chunks(sorted(who)):
        query: sa.Select[Any] = (
            sa.select(cases.c.student_id)
            .join(complaints, complaints.c.case_id == cases.c.id)
            .where(cases.c.student_id.in_(part), complaints.c.resolved_at.is_(None))
        )
        found |= set(connection.execute(query.distinct()).scalars())
    return frozenset(found)


def grace_of(connection: sa.Connection, school: int, day: dt.date) -> Grace:
    """Return this school's time of grace after a case is closed; the default without a policy."""
    published = policy_in_force(connection, school, day)
    if published is None:
        return Grace()
    return Grace(published.policy.grace_after_closing, published.policy.calendar)
