"""What is kept for Microsoft Teams: where it answers for a tenant, and whose account is whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import (
    identities,
    staff,
    staff_roles,
    students,
    teams_students,
    teams_tenants,
)
from store.unit_of_work import Store


def service_url(store: Store, tenant: str) -> str | None:
    """Where Teams answers for this tenant; None before its first activity."""
    with store.database.read() as connection:
        found: str | None = connection.execute(
            sa.select(teams_tenants.c.service_url).where(teams_tenants.c.tenant == tenant)
        ).scalar_one_or_none()
    return found


def remember_service_url(store: Store, tenant: str, url: str) -> None:
    """Keep where Teams answers, as an authentic activity said; most say nothing new."""
    if service_url(store, tenant) == url:
        return
    try:
        with store.unit_of_work() as work:
            this = teams_tenants.c.tenant == tenant
            values = {"service_url": url, "seen_at": work.now}
            changed = work.connection.execute(sa.update(teams_tenants).where(this).values(values))
            if not changed.rowcount:
                work.connection.execute(sa.insert(teams_tenants).values(tenant=tenant, **values))
    except IntegrityError:
        return  # another process wrote the same at the same moment


@dataclass(frozen=True, slots=True)
class Student:
    """A student as Lantern addresses them."""

    id: int
    given_name: str
    school: int


def student_behind(store: Store, tenant: str, user: str, address: str) -> Student | None:
    """The student who asks from this account, or None.

    ``address`` is the account's sign-in name, as the directory has it now. The first time it has
    to be a student's university address, and the account is remembered; from then on both have to
    agree, so that an address that was given to somebody else opens nothing.
    """
    with store.database.read() as connection:
        found = connection.execute(
            sa.select(students.c.id, students.c.given_name, students.c.home_school_id).where(
                sa.func.lower(students.c.university_email) == address.strip().lower(),
                students.c.university_email != "",
            )
        ).all()
        if len(found) != 1:
            return None  # nobody; or two who were given one address by mistake
        (row,) = found
        known = connection.execute(
            sa.select(teams_students).where(
                (teams_students.c.student_id == row.id)
                | ((teams_students.c.tenant == tenant) & (teams_students.c.user_id == user))
            )
        ).all()
    student = Student(*row)
    mine = (tenant, user, student.id)
    if known:
        return student if [tuple(each) for each in known] == [mine] else None
    return student if _bind(store, *mine) else None


def _bind(store: Store, tenant: str, user: str, student: int) -> bool:
    try:
        with store.unit_of_work() as work:
            row = {"tenant": tenant, "user_id": user, "student_id": student}
            work.connection.execute(sa.insert(teams_students).values(row))
            work.record(f"student:{student}", "bind-account", f"student:{student}")
    except IntegrityError:
        return False
    return True


def identify(store: Store, tenant: str, email: str, user: str) -> None:
    """Enrol one colleague whose sign-in name is not their mail address; replaces an earlier
    account of theirs in the tenant.

    Raises:
        InvalidInput: nobody active has this address, or the account is somebody else's.
    """
    with store.unit_of_work() as work:
        person = work.connection.execute(
            sa.select(staff.c.id).where(
                sa.func.lower(staff.c.email) == email.strip().lower(), staff.c.active
            )
        ).scalar_one_or_none()
        if person is None:
            raise InvalidInput("No active colleague has that address.")
        here = (identities.c.platform == Platform.TEAMS) & (identities.c.tenant == tenant)
        owner = work.connection.execute(
            sa.select(identities.c.staff_id).where(here, identities.c.user_id == user.lower())
        ).scalar_one_or_none()
        if owner not in (None, person):
            raise InvalidInput("That account is a colleague's already.")
        work.connection.execute(sa.delete(identities).where(here, identities.c.staff_id == person))
        row = {"platform": Platform.TEAMS, "tenant": tenant, "user_id": user.lower()}
        work.connection.execute(sa.insert(identities).values(**row, staff_id=person))
        work.record("system:cli", "enrol", f"staff:{person}", platform="teams")


def enrol(store: Store, tenant: str, school: int, accounts: Mapping[str, str]) -> int:
    """Enrol the school's staff on Teams by their addresses; gives how many are new.

    ``accounts`` maps sign-in names, as the directory has them, to immutable user ids. Nobody is
    made up: an address that is no active colleague's of this school is passed over, and an account
    that is enrolled already keeps its owner.
    """
    by_address = {address.strip().lower(): user for address, user in accounts.items()}
    with store.unit_of_work() as work:
        rows = work.connection.execute(
            sa.select(staff.c.id, staff.c.email)
            .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
            .where(staff_roles.c.school_id == school, staff.c.active)
            .distinct()
        ).all()
        taken = work.connection.execute(
            sa.select(identities.c.user_id, identities.c.staff_id).where(
                identities.c.platform == Platform.TEAMS, identities.c.tenant == tenant
            )
        ).all()
        users, owners = {user for user, _ in taken}, {owner for _, owner in taken}
        added = 0
        for person, address in rows:
            user = by_address.get(address.lower())
            if user is None or user in users or person in owners:
                continue
            work.connection.execute(
                sa.insert(identities).values(
                    platform=Platform.TEAMS, tenant=tenant, user_id=user, staff_id=person
                )
            )
            work.record("system:cli", "enrol", f"staff:{person}", platform="teams")
            added += 1
    return added
