"""Identify a member of staff, and list who works in a school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.db.read_once import found_already, read_once
from store.db.school_rows import school_rows
from store.db.together import Together
from store.rules.access.permissions import Action, may
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput
from store.rules.model import Platform, Role
from store.tables import (
    CHANNEL_IS_IN_USE,
    channels,
    identities,
    schools,
    screenings,
    staff,
    staff_roles,
)

NO_SCHOOLS = "There are no schools yet. Load a roster first: lantern ingest roster FOLDER"


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
    found = next(iter(repository.read_people(connection, _BEHIND, asked).values()), None)
    if found is not None:
        found_already(connection, repository.person, found.id, found)
    return found


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
    return [person for person in enrolled(connection, school) if may(person, action, school)]


@read_once
def people_and_training(connection: sa.Connection, school: int) -> tuple[tuple[Actor, bool], ...]:
    """Return everyone with a role in a school, by name, and whether their training is recorded."""
    rows = school_rows(connection, school).people
    trained = {row.id for row in rows if row.trained_on is not None}
    return tuple((each, each.id in trained) for each in repository.people_of(rows).values())


def enrolled(connection: sa.Connection, school: int) -> tuple[Actor, ...]:
    """Return everyone with a role in a school, by name, also those who are not active."""
    return tuple(each for each, _ in people_and_training(connection, school))


def colleague(connection: sa.Connection, school: int, person: int) -> Actor:
    """Return a member of staff with the roles that they have at this moment, in any school.

    Needs no statement of its own where the school's people are read anyway. Raises ``InvalidInput``
    where that person is not enrolled.
    """
    here = {each.id: each for each in enrolled(connection, school)}
    return here.get(person) or repository.actor(connection, person)


@read_once
def all_schools(connection: sa.Connection) -> tuple[School, ...]:
    """Return every school, sorted by its code."""
    return tuple(School(*row) for row in connection.execute(_SCHOOLS))


_SCHOOLS = sa.select(schools.c.id, schools.c.code, schools.c.name).order_by(schools.c.code)


def faculties(connection: sa.Connection) -> dict[str, str]:
    """Map the code of each school to its faculty, '' where none is known."""
    return dict(connection.execute(sa.select(schools.c.code, schools.c.faculty)).all())


def school_named(connection: sa.Connection, code: str) -> School:
    """Return the school with this code. ``InvalidInput`` where there is none."""
    known = {each.code: each for each in all_schools(connection)}
    if code in known:
        return known[code]
    if not known:
        raise InvalidInput(NO_SCHOOLS, field="school")
    raise InvalidInput(
        f"There is no school {code}. The roster has: {', '.join(known)}.", field="school"
    )


def school_channels(connection: sa.Connection, school: int | None = None) -> list[Channel]:
    """Return the channels for this school's cards; without a school all channels.

    Those that another channel replaced are left out.
    """
    query = _CHANNELS if school is None else _CHANNELS.where(channels.c.school_id == school)
    return [_channel(row) for row in connection.execute(query)]


_CHANNELS = (
    sa.select(
        channels.c.id,
        channels.c.school_id,
        channels.c.platform,
        channels.c.tenant,
        channels.c.channel,
        channels.c.name,
    )
    .where(CHANNEL_IS_IN_USE)
    .order_by(channels.c.school_id, channels.c.id)
)


def _channel(row: Any) -> Channel:
    return Channel(row.id, row.school_id, Platform(row.platform), row.tenant, row.channel, row.name)


@dataclass(frozen=True, slots=True)
class EnrolledPerson:
    """A member of staff as one platform knows them, for the sandbox's list of people."""

    user: str
    name: str
    roles: tuple[tuple[School, Role], ...]


@dataclass(frozen=True, slots=True)
class OnPlatform:
    """Everyone enrolled on a platform, by name; its channels; and every school."""

    people: tuple[EnrolledPerson, ...]
    channels: tuple[Channel, ...]
    schools: tuple[School, ...]


def on_platform(connection: sa.Connection, platform: Platform, tenant: str) -> OnPlatform:
    """Return the people and channels on a platform, in one statement."""
    values = {"platform": platform, "tenant": tenant}
    known, places, enrolled = _ON_PLATFORM.rows(connection, values)
    every = tuple(School(*row) for row in known)
    return OnPlatform(
        _enrolled(enrolled, {school.id: school for school in every}),
        tuple(_channel(row) for row in places if row.platform == platform),
        every,
    )


_ON_PLATFORM = Together(
    _SCHOOLS,
    _CHANNELS,
    repository.PEOPLE.add_columns(identities.c.user_id)
    .join(identities, identities.c.staff_id == staff.c.id)
    .where(
        identities.c.platform == sa.bindparam("platform"),
        identities.c.tenant == sa.bindparam("tenant"),
        staff.c.active,
    ),
)


def _enrolled(rows: Sequence[Any], known: Mapping[int, School]) -> tuple[EnrolledPerson, ...]:
    actors = repository.people_of(rows)
    return tuple(
        EnrolledPerson(
            user,
            actors[staff_id].name,
            tuple(
                (known[school], role)
                for school, each in sorted(actors[staff_id].roles.items())
                for role in sorted(each)
            ),
        )
        for user, staff_id in dict.fromkeys((row.user_id, row.id) for row in rows)
    )


def schools_screened(connection: sa.Connection, day: dt.date) -> frozenset[int]:
    """Return the ids of the schools whose screening of this day is recorded."""
    query = sa.select(screenings.c.school_id).where(screenings.c.day == day)
    return frozenset(connection.execute(query).scalars())


def is_newest_screening(connection: sa.Connection, day: dt.date) -> bool:
    """Return whether no school's screening of a later day is recorded."""
    later = sa.select(screenings.c.school_id).where(screenings.c.day > day).limit(1)
    return connection.execute(later).first() is None


def staff_addresses(connection: sa.Connection) -> frozenset[str]:
    """Return the addresses of everyone on the staff list."""
    return frozenset(connection.execute(sa.select(staff.c.email)).scalars())
