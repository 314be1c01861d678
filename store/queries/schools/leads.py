"""List who leads a school: engagement leads, and those of its faculty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.queries.schools.staff import people_and_training
from store.rules.cases.case import Actor
from store.rules.model import Role
from store.tables import schools, staff, staff_roles


@dataclass(frozen=True, slots=True)
class Leading:
    """An active member of staff who leads a school, or its faculty."""

    person: Actor
    school: int
    role: Role
    is_trained: bool


def has_trained_lead(connection: sa.Connection, school: int) -> bool:
    """Return whether the school has an engagement lead whose training is recorded
    (paragraph 19).
    """
    return any(each.is_trained for each in _leads(connection, school))


def leads(connection: sa.Connection, school: int) -> list[int]:
    """Return the school's active engagement leads, trained ones first."""
    return [each.person.id for each in _leads(connection, school)]


def leads_of(connection: sa.Connection, school: int) -> list[Actor]:
    """Return the school's engagement leads with their roles, trained ones first."""
    return [each.person for each in _leads(connection, school)]


def _leads(connection: sa.Connection, school: int) -> list[Leading]:
    found = [
        Leading(each, school, Role.ENGAGEMENT_LEAD, is_trained)
        for each, is_trained in people_and_training(connection, school)
        if each.active and Role.ENGAGEMENT_LEAD in each.roles[school]
    ]
    return sorted(found, key=lambda each: (not each.is_trained, each.person.id))


_asked = schools.alias("asked")
_LEADING = (
    sa.select(
        _asked.c.id.label("asked"),
        staff.c.id,
        staff.c.name,
        staff_roles.c.school_id,
        staff_roles.c.role,
        staff.c.trained_on,
    )
    .select_from(_asked)
    .join(
        schools,
        (schools.c.id == _asked.c.id)
        | ((schools.c.faculty == _asked.c.faculty) & (schools.c.faculty != "")),
    )
    .join(staff_roles, staff_roles.c.school_id == schools.c.id)
    .join(staff, staff.c.id == staff_roles.c.staff_id)
    .where(
        _asked.c.id.in_(sa.bindparam("these", expanding=True)),
        staff_roles.c.role.in_([Role.ENGAGEMENT_LEAD, Role.FACULTY_LEAD]),
        staff.c.active,
    )
    .order_by(staff.c.trained_on.is_(None), staff.c.id)
)


@read_each(Of.SCHOOL)
def those_leading(
    connection: sa.Connection, these: Collection[int]
) -> Mapping[int, tuple[Leading, ...]]:
    """Return who leads a school, or another of its faculty, trained ones first.

    A person is listed once for each such role in each school.
    """
    found: defaultdict[int, list[Leading]] = defaultdict(list)
    for row in connection.execute(_LEADING, {"these": list(these)}):
        role = Role(row.role)
        person = Actor(row.id, row.name, active=True, roles={row.school_id: frozenset({role})})
        found[row.asked].append(Leading(person, row.school_id, role, row.trained_on is not None))
    return {each: tuple(found[each]) for each in these}
