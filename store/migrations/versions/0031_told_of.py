"""Since when a trouble has its cause, and of which cause people were told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the columns. People were told of what a told trouble says now."""
    op.add_column("troubles", sa.Column("reason_since", sa.DateTime(timezone=True)))
    op.add_column("troubles", sa.Column("told_of", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE troubles SET told_of = reason WHERE told_at IS NOT NULL")
