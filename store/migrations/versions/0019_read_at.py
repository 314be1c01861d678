"""When a colleague read what they were asked to read at once."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column; nothing was asked like that before."""
    op.add_column("notices", sa.Column("read_at", sa.DateTime(timezone=True)))
