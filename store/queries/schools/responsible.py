"""Find who is told of open matters in a school: its leads, or others where it has none.

All such messages ask here. Between two appointments a school has no lead, and its matters are no
less urgent. Who decides a matter is another question: see ``store.queries.cases.deciders``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from store.queries.schools.leads import leads
from store.queries.schools.staff import colleagues
from store.rules.access.permissions import Action
from store.rules.model import Role
from store.tables import schools, staff, staff_roles


def responsible(connection: sa.Connection, school: int, barred: Collection[int] = ()) -> list[int]:
    """Return the people to tell of an open matter; empty where the faculty has no staff.

    All members of the first group that has any who are not ``barred``: the engagement leads; the
    support officers and the faculty lead; the lead of another of the faculty's schools; everyone
    who may see cases. The operator finds the same in ``lantern doctor``.
    """
    for group in _groups(connection, school):
        if told := [person for person in dict.fromkeys(group) if person not in barred]:
            return told
    return []


def stands_in_for_lead(connection: sa.Connection, school: int, person: int) -> bool:
    """Return whether this person is told instead of a lead, since the school has none."""
    return not leads(connection, school) and person in responsible(connection, school)


def in_role(connection: sa.Connection, school_ids: Collection[int], role: Role) -> list[int]:
    """Return active staff with this role in one of these schools, trained ones first."""
    rows = connection.execute(
        sa.select(staff.c.id)
        .where(
            staff.c.active,
            staff.c.id.in_(
                sa.select(staff_roles.c.staff_id).where(
                    staff_roles.c.school_id.in_(school_ids), staff_roles.c.role == role
                )
            ),
        )
        .order_by(staff.c.trained_on.is_(None), staff.c.id)
    )
    return list(rows.scalars())


def faculty_of(connection: sa.Connection, school: int) -> list[int]:
    """Return every school of the same faculty; only this one where its faculty is not known."""
    own = sa.select(schools.c.faculty).where(schools.c.id == school).scalar_subquery()
    same = sa.and_(schools.c.faculty == own, schools.c.faculty != "")
    return list(
        connection.execute(
            sa.select(schools.c.id).where(same | (schools.c.id == school)).order_by(schools.c.code)
        ).scalars()
    )


def _groups(connection: sa.Connection, school: int) -> Iterator[list[int]]:
    """Yield the groups in order of preference; a later one is read only if needed."""
    yield leads(connection, school)
    faculty = faculty_of(connection, school)
    officers = in_role(connection, [school], Role.STUDENT_SUPPORT_OFFICER)
    yield [*officers, *in_role(connection, faculty, Role.FACULTY_LEAD)]
    neighbours = [each for each in faculty if each != school]
    yield in_role(connection, neighbours, Role.ENGAGEMENT_LEAD)[:1]
    yield [each.id for each in colleagues(connection, school, Action.SEE)]
