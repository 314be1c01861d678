"""What the directory said last, and the colleagues that its groups are compared with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from store.rules.access.directory import KnownColleague
from store.rules.model import Role
from store.tables import (
    directory_looks,
    directory_people,
    directory_places,
    schools,
    staff,
    staff_roles,
)


@dataclass(frozen=True, slots=True)
class LastLook:
    """The newest look at the directory that succeeded. ``state`` is sealed."""

    at: dt.datetime
    state: str = field(repr=False)
    guests: int
    unknown: int


def last_look(connection: sa.Connection) -> LastLook | None:
    """Return the newest look at the directory that succeeded; None where there was none."""
    row = connection.execute(
        sa.select(
            directory_looks.c.at,
            directory_looks.c.state,
            directory_looks.c.guests,
            directory_looks.c.unknown,
        )
    ).one_or_none()
    return LastLook(*row) if row else None


def known_colleagues(connection: sa.Connection) -> Sequence[KnownColleague]:
    """Return everyone on the roster with their roles, by name, in one statement."""
    rows = connection.execute(_COLLEAGUES).all()
    roles: defaultdict[int, defaultdict[str, set[Role]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row.role is not None:
            roles[row.id][row.code].add(Role(row.role))
    return [
        KnownColleague(
            row.id,
            row.email,
            row.name,
            row.active,
            row.account or "",
            row.left_at is not None,
            {school: frozenset(some) for school, some in roles[row.id].items()},
        )
        for row in {row.id: row for row in rows}.values()
    ]


def left_by_directory(connection: sa.Connection) -> frozenset[str]:
    """Return the addresses, in lower case, of colleagues that the directory has switched off."""
    query = (
        sa.select(staff.c.email)
        .join(directory_people, directory_people.c.staff_id == staff.c.id)
        .where(directory_people.c.left_at.is_not(None))
    )
    return frozenset(each.casefold() for each in connection.execute(query).scalars())


def decided_by_groups(connection: sa.Connection) -> frozenset[tuple[int, str]]:
    """Return the roles in schools that groups of the directory decide, not the roster."""
    query = sa.select(directory_places.c.school_id, directory_places.c.role)
    return frozenset((row.school_id, row.role) for row in connection.execute(query))


_COLLEAGUES = (
    sa.select(staff.c.id, staff.c.email, staff.c.name, staff.c.active)
    .add_columns(directory_people.c.account, directory_people.c.left_at)
    .add_columns(schools.c.code, staff_roles.c.role)
    .outerjoin(directory_people, directory_people.c.staff_id == staff.c.id)
    .outerjoin(staff_roles, staff_roles.c.staff_id == staff.c.id)
    .outerjoin(schools, schools.c.id == staff_roles.c.school_id)
    .order_by(staff.c.name, staff.c.id)
)
