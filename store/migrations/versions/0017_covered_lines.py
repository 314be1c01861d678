"""What became of a line below a card in a channel that was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column. What was covered in a closed channel so far is covered once more."""
    said = sa.Column("content_hash", sa.Text(), nullable=False, server_default="said")
    op.add_column("line_posts", said)
