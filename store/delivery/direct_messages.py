"""Record where Lantern's private messages are, so that an erasure can delete them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.rules.model import Platform
from store.tables import direct_cases
from store.tables import directs as table


class Place(Protocol):
    """A conversation with one person on one platform."""

    @property
    def platform(self) -> Platform:
        """Return the platform that the conversation is on."""
        ...

    @property
    def tenant(self) -> str:
        """The Slack team or Entra tenant."""
        ...

    @property
    def channel(self) -> str:
        """Return the platform's id of the conversation."""
        ...


def remember(work: UnitOfWork, place: Place, message: str, cases: Collection[int] = ()) -> None:
    """Record a message once, with the cases that it names."""
    where = {
        "platform": place.platform,
        "tenant": place.tenant,
        "channel": place.channel,
        "message": message,
    }
    known = work.connection.execute(
        sa.select(table.c.id).where(*(table.c[name] == value for name, value in where.items()))
    ).first()
    if known:
        return
    made = work.connection.execute(
        sa.insert(table).values(**where, posted_at=work.now).returning(table.c.id)
    ).scalar_one()
    for case in sorted(set(cases)):
        work.connection.execute(sa.insert(direct_cases).values(direct_id=made, case_id=case))
