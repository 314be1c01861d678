"""Record which message in a channel shows which card, with a hash of its content."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.db.unit_of_work import Store
from store.tables import posts

UNSURE = ""
"""Never the hash of any content: the message is written again, whatever it shows."""


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A card as last posted: ``id`` is its row's, ``message`` the platform's."""

    id: int
    message: str
    content_hash: str


def posted_card(store: Store, subject: str, channel: int) -> PostedCard | None:
    """Return the message about a subject in a channel; None before the first."""
    with store.database.read() as connection:
        row = connection.execute(
            sa.select(posts.c.id, posts.c.message, posts.c.content_hash).where(
                posts.c.subject == subject, posts.c.channel_id == channel
            )
        ).one_or_none()
    return PostedCard(*row) if row else None


def count_earlier(store: Store, subject: str, channel: int) -> int:
    """Count the messages about a subject in a channel that were replaced: see ``set_aside``."""
    earlier = posts.c.subject.startswith(f"{subject}:", autoescape=True)
    query = sa.select(sa.func.count()).where(earlier, posts.c.channel_id == channel)
    with store.database.read() as connection:
        return int(connection.execute(query).scalar_one())


class PostedAlready(Exception):
    """Another worker posted about the subject first.

    ``keeps_ours``: its row names our message, since the platform recognised the key and made one
    message of both.
    """

    def __init__(self, *, keeps_ours: bool) -> None:
        super().__init__("another worker posted first")
        self.keeps_ours = keeps_ours


def record_first(store: Store, subject: str, channel: int, message: str, digest: str) -> None:
    """Record the first message about a subject in a channel.

    Raises ``PostedAlready`` where another worker was first; the row is then marked as unsure, so
    that the message is written again.
    """
    row = {"subject": subject, "channel_id": channel, "message": message}
    try:
        with store.unit_of_work() as work:
            work.connection.execute(
                sa.insert(posts).values(**row, content_hash=digest, posted_at=work.now)
            )
    except IntegrityError:
        mine = [posts.c[name] == value for name, value in row.items()]
        with store.unit_of_work() as work:
            kept = work.connection.execute(sa.select(posts.c.id).where(*mine)).first()
            work.connection.execute(sa.update(posts).where(*mine[:2]).values(content_hash=UNSURE))
        raise PostedAlready(keeps_ours=kept is not None) from None


def record_change(store: Store, shown: PostedCard, digest: str) -> bool:
    """Record the message's new content; False where another worker changed it meanwhile.

    The row is then marked as unsure, so that the message is written again.
    """
    with store.unit_of_work() as work:
        this = sa.update(posts).where(posts.c.id == shown.id)
        unchanged = posts.c.content_hash == shown.content_hash
        if work.connection.execute(this.where(unchanged).values(content_hash=digest)).rowcount:
            return True
        work.connection.execute(this.values(content_hash=UNSURE))
    return False
