"""Find who decides on a complaint or a use of the welfare route: the leads, or their cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.queries.schools.responsible import faculty_of, in_role
from store.queries.schools.staff import leads
from store.rules.access.deputies import Deciders, who_decides
from store.rules.cases.case import Case
from store.rules.model import Role
from store.tables import emergencies, staff


@dataclass(frozen=True, slots=True)
class ToReview:
    """A use of the welfare route that has not been reviewed, and who can review it."""

    id: int
    used_by: str
    why: str
    able: Deciders


def deciders(connection: sa.Connection, case: Case, besides: Iterable[int] = ()) -> Deciders:
    """Return who decides on this case, without people barred by a complaint or in ``besides``."""
    faculty = faculty_of(connection, case.school)
    elsewhere = [school for school in faculty if school != case.school]
    return who_decides(
        repository.actors(connection, leads(connection, case.school)),
        repository.actors(
            connection, in_role(connection, [case.school, *elsewhere], Role.FACULTY_LEAD)
        ),
        repository.actors(connection, in_role(connection, elsewhere, Role.ENGAGEMENT_LEAD)),
        case.barred | frozenset(besides),
    )


_TO_REVIEW = (
    sa.select(emergencies.c.id, emergencies.c.used_by, staff.c.name, emergencies.c.why)
    .join(staff, staff.c.id == emergencies.c.used_by)
    .where(emergencies.c.case_id == sa.bindparam("case"), emergencies.c.reviewed_at.is_(None))
    .order_by(emergencies.c.id)
)


def to_review(connection: sa.Connection, case: Case) -> list[ToReview]:
    """Return the uses to review on the case, oldest first. No one reviews their own."""
    rows = connection.execute(_TO_REVIEW, {"case": case.id}).all()
    return [
        ToReview(number, name, why, deciders(connection, case, [used_by]))
        for number, used_by, name, why in rows
    ]


def stands_in_on(connection: sa.Connection, case: Case, person: int, *, review: bool) -> bool:
    """Return whether this person now decides instead of the leads: on a review, or a complaint."""
    if review:
        return any(each.able.stands_in(person) for each in to_review(connection, case))
    return case.has_own_complaint and deciders(connection, case).stands_in(person)
