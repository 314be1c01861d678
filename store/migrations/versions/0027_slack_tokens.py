"""Tokens of Slack that end and are renewed, where an app rotates them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns."""
    refresh = sa.Column("refresh_token", sa.Text(), nullable=False, server_default="")
    op.add_column("slack_installations", refresh)
    op.add_column("slack_installations", sa.Column("expires_at", _INSTANT))
    op.add_column("slack_installations", sa.Column("renewing_until", _INSTANT))
