"""Tables for one platform each: the sandbox, Microsoft Teams, Slack."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text
from store.tables.school_tables import channels

sandbox_messages = sa.Table(
    "sandbox_messages",
    metadata,
    row_id(),
    text("channel"),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("thread", sa.BigInteger),
    text("author"),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("posted_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # Grows with every change anywhere, so that a page can ask "what is new since?".
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sa.Index("ix_sandbox_messages_channel", "channel", "id"),
)

teams_tenants = sa.Table(
    "teams_tenants",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    # Where Teams answers for this tenant, as the newest authentic activity said.
    text("service_url"),
    sa.Column("seen_at", Instant, nullable=False),
)

closed_channels = sa.Table(
    "closed_channels",
    metadata,
    # A channel that is no longer private gets no cards, until a person has looked at it.
    sa.Column("channel_id", sa.ForeignKey("channels.id"), primary_key=True),
    text("why"),
    sa.Column("at", Instant, nullable=False),
)

REPLACED = "replaced"
"""Why a channel is closed after another one has replaced it."""
CHANNEL_IS_IN_USE = channels.c.id.not_in(
    sa.select(closed_channels.c.channel_id).where(closed_channels.c.why == REPLACED)
)

teams_students = sa.Table(
    "teams_students",
    metadata,
    # The account that first asked as this student. An address that is given to another person
    # later does not bring the first one's data with it.
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("student_id", sa.ForeignKey("students.id"), nullable=False, unique=True),
)

slack_installations = sa.Table(
    "slack_installations",
    metadata,
    # A workspace, or a whole organisation, that Lantern was added to by OAuth. Tokens are sealed.
    sa.Column("team", sa.Text, primary_key=True),
    text("token"),
    sa.Column("installed_at", Instant, nullable=False),
    # Where the app rotates its tokens: what renews this one, until when it lasts, and until when
    # one process alone renews it.
    text("refresh_token"),
    sa.Column("expires_at", Instant),
    sa.Column("renewing_until", Instant),
)
