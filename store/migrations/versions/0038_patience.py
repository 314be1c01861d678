"""How long an outbox row is tried in vain is counted by the pauses between its tries."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Add the column. What is tried in vain now begins to be counted."""
    op.add_column(
        "outbox", sa.Column("patience_used", sa.Float(), nullable=False, server_default="0")
    )
