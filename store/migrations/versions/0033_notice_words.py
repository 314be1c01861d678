"""What a notice says of a subject that is no longer there, such as a trouble that has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the column. Older notices find their subject."""
    op.add_column("notices", sa.Column("words", sa.Text(), nullable=False, server_default=""))
