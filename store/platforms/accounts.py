"""Match accounts on a chat platform to staff on the roster; no one else is enrolled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import identities, staff, staff_roles

NO_STAFF = "No staff are known yet. Load the roster first: lantern ingest roster FOLDER."
NO_COLLEAGUE = (
    "No active colleague has that address. Check the roster: lantern ingest roster loads it again."
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, as the roster has them."""

    name: str
    email: str


def staff_without_account(
    store: Store, platform: Platform, tenant: str, school: int
) -> list[Colleague]:
    """Return the school's active staff who are not enrolled in a tenant, by name."""
    enrolled = sa.select(identities.c.staff_id).where(
        identities.c.platform == platform, identities.c.tenant == tenant
    )
    query = (
        sa.select(staff.c.name, staff.c.email)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(staff_roles.c.school_id == school, staff.c.active, staff.c.id.not_in(enrolled))
        .distinct()
        .order_by(staff.c.name, staff.c.email)
    )
    with store.database.read() as connection:
        return [Colleague(*row) for row in connection.execute(query)]


def identify(store: Store, platform: Platform, tenant: str, email: str, user: str) -> None:
    """Enrol one colleague whose sign-in name is not their email address.

    This replaces an earlier account of theirs in the tenant.

    Raises:
        InvalidInput: no active colleague has this address, or the account is another person's.
    """
    with store.unit_of_work() as work:
        person = work.connection.execute(
            sa.select(staff.c.id).where(
                sa.func.lower(staff.c.email) == email.strip().lower(), staff.c.active
            )
        ).scalar_one_or_none()
        if person is None:
            is_empty = work.connection.execute(sa.select(staff.c.id).limit(1)).first() is None
            raise InvalidInput(NO_STAFF if is_empty else NO_COLLEAGUE)
        here = (identities.c.platform == platform) & (identities.c.tenant == tenant)
        owner = work.connection.execute(
            sa.select(identities.c.staff_id).where(here, identities.c.user_id == user)
        ).scalar_one_or_none()
        if owner not in (None, person):
            raise InvalidInput("That account is a colleague's already.")
        work.connection.execute(sa.delete(identities).where(here, identities.c.staff_id == person))
        row = {"platform": platform, "tenant": tenant, "user_id": user}
        work.connection.execute(sa.insert(identities).values(**row, staff_id=person))
        work.record("system:cli", "enrol", f"staff:{person}", platform=str(platform))


def enrol(
    store: Store, platform: Platform, tenant: str, school: int, accounts: Mapping[str, str]
) -> int:
    """Enrol the school's staff by their addresses; returns how many are new.

    ``accounts`` maps sign-in names, as in the directory, to immutable user ids. Addresses that do
    not belong to an active colleague of this school are ignored, and an account that is enrolled
    already keeps its owner.
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
                identities.c.platform == platform, identities.c.tenant == tenant
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
                    platform=platform, tenant=tenant, user_id=user, staff_id=person
                )
            )
            work.record("system:cli", "enrol", f"staff:{person}", platform=str(platform))
            added += 1
    return added
