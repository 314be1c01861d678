"""Switch a colleague's own morning digest on or off, at their request."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import Request, once
from store.db import repository
from store.db.unit_of_work import Store
from store.rules.errors import NotAllowed
from store.tables import staff


def set_digest(store: Store, request: Request, *, on: bool) -> None:
    """Switch the digest on or off from the next morning. Notices on single cases do not change.

    Raises ``NotAllowed`` where the account is not active.
    """
    with store.unit_of_work() as work:
        once(work, request.key)
        actor = repository.actor(work.connection, request.actor)
        if not actor.active:
            raise NotAllowed("Your account is not active in Lantern.")
        mine = sa.update(staff).where(staff.c.id == actor.id)
        work.connection.execute(mine.values(wants_digest=on))
        work.record(f"staff:{actor.id}", "digest", f"staff:{actor.id}", on=on)
