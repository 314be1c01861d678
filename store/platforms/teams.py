"""Stored facts about Microsoft Teams: the service URL of each tenant, and students' accounts."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.db.unit_of_work import Store
from store.rules.model import Platform
from store.tables import CHANNEL_IS_IN_USE, channels, students, teams_students, teams_tenants


def service_url(store: Store, tenant: str) -> str | None:
    """Return the service URL of this tenant; None before its first activity."""
    with store.database.read() as connection:
        found: str | None = connection.execute(
            sa.select(teams_tenants.c.service_url).where(teams_tenants.c.tenant == tenant)
        ).scalar_one_or_none()
    return found


def remember_service_url(store: Store, tenant: str, url: str) -> None:
    """Save the service URL from an authenticated activity, if it has changed."""
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


def school_conversations(store: Store, tenant: str) -> list[str]:
    """Return the channels of the schools of a tenant, the first one first."""
    here = (channels.c.platform == Platform.TEAMS) & (channels.c.tenant == tenant)
    with store.database.read() as connection:
        found = sa.select(channels.c.channel).where(here, CHANNEL_IS_IN_USE).order_by(channels.c.id)
        return list(connection.execute(found).scalars())


@dataclass(frozen=True, slots=True)
class TeamsStudent:
    """A student behind an account of Teams: their id, given name and home school."""

    id: int
    given_name: str
    school: int


def student_behind(store: Store, tenant: str, user: str, *addresses: str) -> TeamsStudent | None:
    """Return the student to which this account belongs, or None.

    ``addresses`` are the account's sign-in name and email address, as the directory has them now.
    The first time, one has to be a student's university address, and the account is saved with the
    student. From then on address and account have to match, so that an address reassigned to
    another person gives no access.
    """
    known_as = {each.strip().lower() for each in addresses} - {""}
    with store.database.read() as connection:
        found = connection.execute(
            sa.select(students.c.id, students.c.given_name, students.c.home_school_id).where(
                sa.func.lower(students.c.university_email).in_(known_as)
            )
        ).all()
        if len(found) != 1:
            return None  # no one; or two, and it could be either
        (row,) = found
        known = connection.execute(
            sa.select(teams_students).where(
                (teams_students.c.student_id == row.id)
                | ((teams_students.c.tenant == tenant) & (teams_students.c.user_id == user))
            )
        ).all()
    student = TeamsStudent(*row)
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
