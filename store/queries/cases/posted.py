"""Find the case behind a card's message in a channel."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from store.rules.model import Platform
from store.tables import cases, channels, posts

_CASE = "case:"
_POSTED = (
    sa.select(cases.c.id, channels.c.channel, posts.c.message)
    .select_from(posts)
    .join(channels, channels.c.id == posts.c.channel_id)
    .join(cases, posts.c.subject == sa.literal(_CASE) + sa.cast(cases.c.id, sa.Text))
    .where(channels.c.school_id == cases.c.school_id, cases.c.erased_at.is_(None))
)
"""Cards in the channels of each case's own home school."""


def case_of_message(
    connection: sa.Connection, platform: Platform, tenant: str, channel: str, message: str
) -> int | None:
    """Return the case whose card this message is, or was until its removal; None for any other."""
    subject = connection.execute(
        sa.select(posts.c.subject)
        .join(channels, channels.c.id == posts.c.channel_id)
        .where(
            channels.c.platform == platform,
            channels.c.tenant == tenant,
            channels.c.channel == channel,
            posts.c.message == message,
            posts.c.subject.startswith(_CASE),
        )
    ).scalar_one_or_none()
    number = (subject or "").removeprefix(_CASE).partition(":")[0]
    return int(number) if number.isdecimal() else None


def case_messages(connection: sa.Connection, platform: Platform, channel: str) -> dict[str, int]:
    """Map messages to cases, for cards in a channel of the case's own home school."""
    rows = connection.execute(
        _POSTED.with_only_columns(posts.c.message, cases.c.id).where(
            channels.c.platform == platform, channels.c.channel == channel
        )
    )
    return dict(rows.all())


def cards_posted(
    connection: sa.Connection, platform: Platform, tenant: str, which: Collection[int]
) -> dict[int, tuple[str, str]]:
    """Map each of these cases to the channel and message of its card on a platform, if it has one.

    Only channels of the case's own home school count: no one else can open them.
    """
    rows = connection.execute(
        _POSTED.where(
            channels.c.platform == platform, channels.c.tenant == tenant, cases.c.id.in_(which)
        ).order_by(posts.c.id)
    )
    return {case: (channel, message) for case, channel, message in rows}
