"""By what else than its conversation a reply is known, and why one is doubtful."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("outreach", sa.Column("message_id", sa.Text()))
    op.create_index("ix_outreach_message_id", "outreach", ["message_id"])
    op.add_column("replies", sa.Column("doubt", sa.Text(), nullable=False, server_default=""))
