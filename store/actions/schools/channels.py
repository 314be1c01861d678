"""Set the channels that a school's cards are posted in."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from store.actions.schools.show_open_cases import show_open_cases
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.schools.staff import school_named
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import REPLACED, channels, closed_channels, schools

SANDBOX_TENANT = "sandbox"


def ensure_sandbox_channels(store: Store) -> None:
    """Give every school without a channel one in the embedded sandbox."""
    with store.unit_of_work() as work:
        bare = work.connection.execute(
            sa.select(schools.c.id, schools.c.code)
            .outerjoin(channels, channels.c.school_id == schools.c.id)
            .where(channels.c.id.is_(None))
        ).all()
        for school, code in bare:
            name = f"{code.lower()}-engagement"
            work.connection.execute(
                sa.insert(channels).values(
                    school_id=school,
                    platform=Platform.SANDBOX,
                    tenant=SANDBOX_TENANT,
                    channel=code.lower(),
                    name=name,
                )
            )
            work.record("system:roster", "add-channel", f"school:{school}", platform="sandbox")


def add_channel(
    store: Store,
    school: str,
    platform: Platform,
    tenant: str,
    channel: str,
    *,
    replaces: bool = False,
) -> None:
    """Register a channel for a school's cards, and post those of its open cases there.

    ``replaces``: the school's other channels of the platform get no more cards. What is posted
    there stays, and erasures still find it.

    Raises:
        InvalidInput: there is no such school, or the channel already belongs to a school.
    """
    with store.unit_of_work() as work:
        found = school_named(work.connection, school).id
        row = {"platform": platform, "tenant": tenant, "channel": channel}
        known = _used_before(work, found, row, again=replaces)
        if replaces:
            _replace(work, found, platform, known)
        if known is None:
            row |= {"name": f"{school.lower()}-engagement"}
            work.connection.execute(sa.insert(channels).values(school_id=found, **row))
        else:
            is_it = (closed_channels.c.channel_id == known) & (closed_channels.c.why == REPLACED)
            work.connection.execute(sa.delete(closed_channels).where(is_it))
        work.record("system:cli", "add-channel", f"school:{found}", platform=str(platform))
        show_open_cases(work, found)


def move_channel(store: Store, platform: Platform, tenant: str, old: str, new: str) -> bool:
    """Save a channel's new platform id; False where no school has the channel.

    Its messages keep their own ids.
    """
    here = (channels.c.platform == platform) & (channels.c.tenant == tenant)
    taken = sa.select(channels.c.id).where(here, channels.c.channel == new)
    with store.unit_of_work() as work:
        if work.connection.execute(taken).first():
            return False
        moved = sa.update(channels).where(here, channels.c.channel == old).values(channel=new)
        found = work.connection.execute(moved.returning(channels.c.id)).scalar()
        if found is not None:
            work.record("system:watch", "move-channel", f"channel:{found}")
    return found is not None


def _used_before(
    work: UnitOfWork, school: int, row: Mapping[str, str], *, again: bool
) -> int | None:
    """Return the id of a channel that was replaced, or is named ``again``; None for a new one."""
    asked = (
        sa.select(channels.c.id, channels.c.school_id, closed_channels.c.why)
        .outerjoin(closed_channels, closed_channels.c.channel_id == channels.c.id)
        .where(*(channels.c[name] == value for name, value in row.items()))
    )
    found = work.connection.execute(asked).first()
    if found is None:
        return None
    if found.school_id != school or not (again or found.why == REPLACED):
        raise InvalidInput("That channel already belongs to a school. Choose another channel.")
    return int(found.id)


def _replace(work: UnitOfWork, school: int, platform: Platform, kept: int | None) -> None:
    others = (channels.c.school_id == school) & (channels.c.platform == platform)
    asked = sa.select(channels.c.id).where(others, channels.c.id != (kept or 0))
    for each in work.connection.execute(asked).scalars().all():
        this = closed_channels.c.channel_id == each
        work.connection.execute(sa.delete(closed_channels).where(this))
        row = {"channel_id": each, "why": REPLACED, "at": work.now}
        work.connection.execute(sa.insert(closed_channels).values(row))
        work.record("system:cli", "replace-channel", f"channel:{each}")
