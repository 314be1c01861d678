"""Identify a member of staff, and list who works in a school."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.db.read_once import read_once
from store.rules.access.permissions import Action, may
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput
from store.rules.model import Platform, Role
from store.tables import channels, identities, schools, screenings, staff, staff_roles


@dataclass(frozen=True, slots=True)
class School:
    """A school as pages and cards name it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A school's private channel on one platform. ``channel`` is the platform's id."""

    id: int
    school: int
    platform: Platform
    tenant: str
    channel: str
    name: str


_BEHIND = repository.PEOPLE.where(
    staff.c.id
    == sa.select(identities.c.staff_id)
    .where(
        identities.c.platform == sa.bindparam("platform"),
        identities.c.tenant == sa.bindparam("tenant"),
        identities.c.user_id == sa.bindparam("user"),
    )
    .scalar_subquery()
)


def actor_by_identity(
    connection: sa.Connection, platform: Platform, tenant: str, user: str
) -> Actor | None:
    """Return the enrolled member of staff behind a platform's user, or None; creates no one."""
    asked = {"platform": platform, "tenant": tenant, "user": user}
    return next(iter(repository.read_people(connection, _BEHIND, asked).values()), None)


def has_trained_lead(connection: sa.Connection, school: int) -> bool:
    """Return whether the school has an engagement lead whose training is recorded (§19)."""
    query = _leads(school).where(staff.c.trained_on.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def leads(connection: sa.Connection, school: int) -> list[int]:
    """Return the school's active engagement leads, trained ones first."""
    query = _leads(school).order_by(staff.c.trained_on.is_(None), staff.c.id)
    return list(connection.execute(query).scalars())


def _leads(school: int) -> sa.Select[int]:
    return (
        sa.select(staff.c.id)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(
            staff_roles.c.school_id == school,
            staff_roles.c.role == Role.ENGAGEMENT_LEAD,
            staff.c.active,
        )
    )


def protection_officers(connection: sa.Connection, school: int) -> list[int]:
    """Return the school's active data protection officers."""
    query = (
        sa.select(staff.c.id)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(
            staff_roles.c.school_id == school,
            staff_roles.c.role == Role.DATA_PROTECTION_OFFICER,
            staff.c.active,
        )
        .order_by(staff.c.id)
    )
    return list(connection.execute(query).scalars())


def colleagues(connection: sa.Connection, school: int, action: Action) -> list[Actor]:
    """Return everyone who may do this to the cases of a school, by name."""
    return [person for person in _enrolled(connection, school) if may(person, action, school)]


_HERE = repository.PEOPLE.where(
    staff.c.id.in_(
        sa.select(staff_roles.c.staff_id).where(staff_roles.c.school_id == sa.bindparam("school"))
    )
)


@read_once
def _enrolled(connection: sa.Connection, school: int) -> tuple[Actor, ...]:
    """Return everyone with a role in a school, by name."""
    return tuple(repository.read_people(connection, _HERE, {"school": school}).values())


def all_schools(connection: sa.Connection) -> list[School]:
    """Return every school, sorted by its code."""
    rows = connection.execute(
        sa.select(schools.c.id, schools.c.code, schools.c.name).order_by(schools.c.code)
    )
    return [School(*row) for row in rows]


def school_named(connection: sa.Connection, code: str) -> School:
    """Return the school with this code. ``InvalidInput`` where there is none."""
    known = {each.code: each for each in all_schools(connection)}
    if code in known:
        return known[code]
    listed = ", ".join(known) or "none yet"
    raise InvalidInput(f"There is no school {code}. The roster has: {listed}.", field="school")


def school_channels(connection: sa.Connection, school: int | None = None) -> list[Channel]:
    """Return the channels for this school's cards; without a school all channels."""
    query = sa.select(
        channels.c.id,
        channels.c.school_id,
        channels.c.platform,
        channels.c.tenant,
        channels.c.channel,
        channels.c.name,
    ).order_by(channels.c.school_id, channels.c.id)
    if school is not None:
        query = query.where(channels.c.school_id == school)
    return [Channel(r[0], r[1], Platform(r[2]), *r[3:]) for r in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class EnrolledPerson:
    """A member of staff as one platform knows them, for the sandbox's list of people."""

    user: str
    name: str
    roles: tuple[tuple[School, Role], ...]


def enrolled_people(
    connection: sa.Connection, platform: Platform, tenant: str
) -> list[EnrolledPerson]:
    """Return everyone enrolled on a platform, by name."""
    known = {school.id: school for school in all_schools(connection)}
    rows = connection.execute(
        sa.select(identities.c.user_id, identities.c.staff_id)
        .join(staff, staff.c.id == identities.c.staff_id)
        .where(identities.c.platform == platform, identities.c.tenant == tenant, staff.c.active)
        .order_by(staff.c.name, staff.c.id)
    ).all()
    actors = {each.id: each for each in repository.actors(connection, [row[1] for row in rows])}
    people = []
    for user, staff_id in rows:
        actor = actors[staff_id]
        roles = tuple(
            (known[school], role)
            for school, each in sorted(actor.roles.items())
            for role in sorted(each)
        )
        people.append(EnrolledPerson(user, actor.name, roles))
    return people


def schools_screened(connection: sa.Connection, day: dt.date) -> frozenset[int]:
    """Return the ids of the schools whose screening of this day is recorded."""
    query = sa.select(screenings.c.school_id).where(screenings.c.day == day)
    return frozenset(connection.execute(query).scalars())


def staff_addresses(connection: sa.Connection) -> frozenset[str]:
    """Return the addresses of everyone on the staff list."""
    return frozenset(connection.execute(sa.select(staff.c.email)).scalars())
