"""The workspaces that Lantern was added to by OAuth, and their tokens, which are kept sealed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.encryption import SealBroken
from store.tables import slack_installations as table


@dataclass(frozen=True, slots=True)
class Installation:
    """What Slack gave for one workspace."""

    team: str
    token: str = field(repr=False)


def install(store: Store, given: Installation) -> None:
    """Keep a workspace's token in place of an earlier one."""
    values = {"token": store.seal.close(given.token)}
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(table).where(table.c.team == given.team))
        row = {"team": given.team, **values, "installed_at": work.now}
        work.connection.execute(sa.insert(table).values(row))
        work.record("system:slack", "install", f"slack:{given.team}")


def token(store: Store, team: str) -> str | None:
    """A workspace's token; None where it has none that this process can read."""
    with store.database.read() as connection:
        sealed = connection.execute(
            sa.select(table.c.token).where(table.c.team == team)
        ).scalar_one_or_none()
    if sealed is None:
        return None
    try:
        return store.seal.open(sealed)
    except SealBroken:
        return None


def uninstall(store: Store, team: str, why: str, at: dt.datetime) -> bool:
    """Forget the token that a workspace had at that moment; whether there was one.

    Word of an old one's end may come late, when Lantern was added anew.
    """
    then = (table.c.team == team) & (table.c.installed_at <= at)
    with store.unit_of_work() as work:
        gone = work.connection.execute(sa.delete(table).where(then)).rowcount
        if gone:
            work.record("system:slack", "uninstall", f"slack:{team}", why=why)
    return bool(gone)
