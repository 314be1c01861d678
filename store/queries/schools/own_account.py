"""Show a member of staff what Lantern holds about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.db.together import Together
from store.queries.schools.cover import Cover, select_coming
from store.queries.schools.staff import School, all_schools
from store.rules.model import Role
from store.tables import CASE_IS_OPEN, cases, staff


@dataclass(frozen=True, slots=True)
class MeView:
    """A person's own data: name, address, roles, training, cases, cover given and taken."""

    id: int
    name: str
    email: str
    roles: tuple[tuple[School, tuple[Role, ...]], ...]
    trained_on: dt.date | None
    open_cases: int
    covers: tuple[Cover, ...]
    wants_digest: bool = True


def me_view(connection: sa.Connection, staff_id: int, day: dt.date) -> MeView:
    """Return a person's name, address, roles and cases, for their own page."""
    open_cases = (
        sa.select(sa.func.count())
        .select_from(cases)
        .where(cases.c.owner_id == staff_id, CASE_IS_OPEN)
        .scalar_subquery()
    )
    them = sa.select(staff, open_cases.label("open_cases")).where(staff.c.id == staff_id)
    (row,), coming = Together(them, select_coming(staff_id, day)).rows(connection)
    actor = repository.actor(connection, staff_id)
    return MeView(
        id=staff_id,
        name=row.name,
        email=row.email,
        roles=tuple(
            (school, tuple(sorted(actor.roles[school.id])))
            for school in all_schools(connection)
            if actor.roles.get(school.id)
        ),
        trained_on=row.trained_on,
        open_cases=row.open_cases,
        covers=tuple(Cover(*each) for each in coming),
        wants_digest=row.wants_digest,
    )


def wants_digest(connection: sa.Connection, staff_id: int) -> bool:
    """Return whether this person has their own morning digest."""
    query = sa.select(staff.c.wants_digest).where(staff.c.id == staff_id)
    return bool(connection.execute(query).scalar_one())
