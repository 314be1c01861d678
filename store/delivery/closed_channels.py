"""Channels that are no longer private: no cards are posted until a person has checked them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.delivery.pictures import mark_over, pictures_of
from store.tables import closed_channels as table
from store.tables import line_posts, metadata, posts

CARD = "case:"


class ChannelOutcome(StrEnum):
    """The state of a message in a closed channel, stored instead of its content's hash.

    The message is therefore written again when the channel is reopened.
    """

    COVERED = "covered"
    GONE = "gone"
    REFUSED = "refused"
    """The platform refuses to change or delete the message."""


def closed_channels(connection: sa.Connection) -> frozenset[int]:
    """Return the ids of all closed channels."""
    return frozenset(connection.execute(sa.select(table.c.channel_id)).scalars())


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message in a channel: ``id`` is its row's, ``message`` the platform's."""

    table: sa.Table
    id: int
    message: str
    subject: str
    """The subject of a card or a digest; '' for a line below a card."""

    @property
    def is_card(self) -> bool:
        """Whether the message is a case's card, below which colleagues may have answered."""
        return self.subject.startswith(CARD)


def shown_messages(store: Store, channel: int) -> list[ShownMessage]:
    """Return all messages in a channel that are not withdrawn yet, newest first."""
    kinds = ((posts, posts.c.subject), (line_posts, sa.literal("")))
    queries = [
        sa.select(
            sa.literal(table.name).label("name"),
            table.c.id,
            table.c.message,
            subject.label("subject"),
            table.c.posted_at.label("at"),
        ).where(table.c.channel_id == channel, table.c.content_hash.not_in(tuple(ChannelOutcome)))
        for table, subject in kinds
    ]
    newest = sa.union_all(*queries).order_by(sa.desc("at"), sa.desc("id"))
    with store.database.read() as connection:
        rows = connection.execute(newest).all()
    return [
        ShownMessage(metadata.tables[row.name], row.id, row.message, row.subject) for row in rows
    ]


def refused_messages(connection: sa.Connection, channel: int) -> int:
    """Count a channel's messages that only a person can delete."""
    counted = [
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.channel_id == channel, table.c.content_hash == ChannelOutcome.REFUSED)
        for table in (posts, line_posts)
    ]
    return sum(connection.execute(each).scalar_one() for each in counted)


def mark_message(store: Store, shown: ShownMessage, became: ChannelOutcome) -> None:
    """Record that a message was covered or deleted, or that the platform refused; a card's
    pictures are deleted."""
    if shown.is_card:
        with store.unit_of_work() as work:
            case = int(shown.subject.removeprefix(CARD).partition(":")[0])
            mark_over(work, pictures_of(work.connection, case))
    this = shown.table.c.id == shown.id
    if became is ChannelOutcome.GONE and shown.table is posts:
        set_aside(store, shown.id)
        return
    changed = sa.update(shown.table).where(this).values(content_hash=became)
    with store.unit_of_work() as work:
        gone = became is ChannelOutcome.GONE
        work.connection.execute(sa.delete(shown.table).where(this) if gone else changed)


def set_aside(store: Store, post: int, *, is_gone: bool = True) -> None:
    """Record that a card or digest is gone from its channel, or can never be changed again
    (``is_gone`` False), so that a new one may be posted.

    Colleagues' replies below a deleted card are still there, and an erasure has to find them, so
    the row of a card keeps its place in the channel.
    """
    state = {"content_hash": ChannelOutcome.GONE} if is_gone else {}
    this = posts.c.id == post
    earlier = posts.c.subject + sa.literal(":") + posts.c.message
    kept = sa.update(posts).where(this, posts.c.subject.startswith(CARD))
    with store.unit_of_work() as work:
        work.connection.execute(kept.values(subject=earlier, **state))
        work.connection.execute(sa.delete(posts).where(this, posts.c.subject.not_like(f"{CARD}%")))
