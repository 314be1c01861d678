"""Emails about requests about data keep what an answer to them names."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("data_letters", sa.Column("message_id", sa.Text()))
    op.add_column("data_letters", sa.Column("conversation", sa.Text()))
    op.add_column("data_questions", sa.Column("message_id", sa.Text()))
