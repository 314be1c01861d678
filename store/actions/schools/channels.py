"""Set the channels that a school's cards are posted in."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.queries.schools.staff import school_named
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import channels, schools

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


def add_channel(store: Store, school: str, platform: Platform, tenant: str, channel: str) -> None:
    """Register a channel for a school's cards.

    Raises:
        InvalidInput: there is no such school, or the channel already belongs to a school.
    """
    with store.unit_of_work() as work:
        found = school_named(work.connection, school).id
        here = (channels.c.platform == platform) & (channels.c.tenant == tenant)
        there = sa.select(channels.c.id).where(here, channels.c.channel == channel)
        if work.connection.execute(there).first():
            raise InvalidInput("That channel already belongs to a school. Choose another channel.")
        row = {"school_id": found, "platform": platform, "tenant": tenant, "channel": channel}
        row |= {"name": f"{school.lower()}-engagement"}
        work.connection.execute(sa.insert(channels).values(row))
        work.record("system:cli", "add-channel", f"school:{found}", platform=str(platform))
