"""Channels that are no longer private: no further cards, until somebody has looked."""

from __future__ import annotations

import sqlalchemy as sa

from store.casework.notices import Notice, notify
from store.queries.people import Channel, leads
from store.rules.model import NoticeKind
from store.tables import closed_channels as table
from store.tables import posts
from store.unit_of_work import Store

UNSURE = ""
"""A post's hash that no content has: it is written again when the channel is opened."""


def closed_channels(connection: sa.Connection) -> frozenset[int]:
    """The ids of all that are closed."""
    return frozenset(connection.execute(sa.select(table.c.channel_id)).scalars())


def close(store: Store, channel: Channel, why: str) -> bool:
    """Close a channel and have the school's leads told; False where it is closed already."""
    with store.unit_of_work() as work:
        this = sa.select(table.c.channel_id).where(table.c.channel_id == channel.id)
        if work.connection.execute(this).first():
            return False
        work.connection.execute(
            sa.insert(table).values(channel_id=channel.id, why=why, at=work.now)
        )
        key = f"{channel.id}:{work.now:%Y%m%dT%H%M%S}"
        told = Notice(NoticeKind.CHANNEL, channel.school, key, about=channel.id)
        for person in leads(work.connection, channel.school):
            notify(work, person, told)
        work.record("system:watch", "close-channel", f"channel:{channel.id}", why=why)
    return True


def reopen(store: Store, channel: int, actor: str) -> None:
    """Let cards go to the channel again."""
    with store.unit_of_work() as work:
        if work.connection.execute(sa.delete(table).where(table.c.channel_id == channel)).rowcount:
            work.record(actor, "reopen-channel", f"channel:{channel}")


def shown_messages(store: Store, channel: int) -> list[tuple[int, str]]:
    """(post, message) of everything that stands in a channel, the newest first."""
    query = (
        sa.select(posts.c.id, posts.c.message)
        .where(posts.c.channel_id == channel, posts.c.content_hash != UNSURE)
        .order_by(posts.c.id.desc())
    )
    with store.database.read() as connection:
        return [(row.id, row.message) for row in connection.execute(query)]


def mark_redacted(store: Store, post: int) -> None:
    """Note that a message no longer shows what it did."""
    with store.unit_of_work() as work:
        this = sa.update(posts).where(posts.c.id == post)
        work.connection.execute(this.values(content_hash=UNSURE))
