"""The workspaces and organisations that added Lantern by OAuth, and their encrypted tokens.

If the app rotates its tokens, a token lasts for twelve hours and is renewed with a refresh token,
which Slack accepts once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.encryption import SealBroken
from store.tables import slack_installations as table


@dataclass(frozen=True, slots=True)
class Installation:
    """The tokens of an installation. ``team`` is a workspace's id, or a whole organisation's.

    ``expires_at`` None: the token does not expire; else ``refresh_token`` renews it.
    """

    team: str
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: dt.datetime | None = None


def install(store: Store, given: Installation) -> None:
    """Save a token, replacing an earlier one of the same workspace or organisation."""
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(table).where(table.c.team == given.team))
        row = {"team": given.team, **_sealed(store, given), "installed_at": work.now}
        work.connection.execute(sa.insert(table).values(row))
        work.record("system:slack", "install", f"slack:{given.team}")


def installation(store: Store, team: str) -> Installation | None:
    """Return the tokens of a workspace or organisation; None where they cannot be decrypted."""
    columns = (table.c.token, table.c.refresh_token, table.c.expires_at)
    with store.database.read() as connection:
        found = connection.execute(sa.select(*columns).where(table.c.team == team)).first()
    if found is None:
        return None
    try:
        refresh = store.seal.open(found.refresh_token) if found.refresh_token else ""
        return Installation(team, store.seal.open(found.token), refresh, found.expires_at)
    except SealBroken:
        return None


def token(store: Store, team: str) -> str | None:
    """Return a workspace's or organisation's token; None where it cannot be decrypted."""
    found = installation(store, team)
    return found.token if found else None


def claim_renewal(store: Store, team: str, until: dt.datetime) -> bool:
    """Claim the renewal of a token until then; False where another process has it.

    Slack accepts a refresh token only once.
    """
    is_free = table.c.renewing_until.is_(None) | (table.c.renewing_until <= store.now())
    claim = sa.update(table).where(table.c.team == team, is_free).values(renewing_until=until)
    with store.unit_of_work() as work:
        return bool(work.connection.execute(claim).rowcount)


def renew(store: Store, given: Installation) -> None:
    """Save a renewed token, unless Lantern was removed meanwhile."""
    values = {**_sealed(store, given), "renewing_until": None}
    with store.unit_of_work() as work:
        work.connection.execute(sa.update(table).where(table.c.team == given.team).values(values))


def uninstall(store: Store, team: str, why: str, at: dt.datetime) -> bool:
    """Delete the token installed at or before ``at``; return whether there was one.

    Slack's event about a removal may arrive late, after Lantern was added again.
    """
    then = (table.c.team == team) & (table.c.installed_at <= at)
    with store.unit_of_work() as work:
        gone = work.connection.execute(sa.delete(table).where(then)).rowcount
        if gone:
            work.record("system:slack", "uninstall", f"slack:{team}", why=why)
    return bool(gone)


def _sealed(store: Store, given: Installation) -> dict[str, object]:
    refresh = store.seal.close(given.refresh_token) if given.refresh_token else ""
    return {
        "token": store.seal.close(given.token),
        "refresh_token": refresh,
        "expires_at": given.expires_at,
    }
