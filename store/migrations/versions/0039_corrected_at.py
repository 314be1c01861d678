"""When later data last corrected the figures of a flag that goes on (§12)."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Add the column. Empty: never, or before this was recorded."""
    op.add_column("flags", sa.Column("corrected_at", sa.DateTime(timezone=True)))
