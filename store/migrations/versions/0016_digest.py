"""Whether a colleague wants their own digest in the morning."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column; everybody has had one so far."""
    op.add_column(
        "staff",
        sa.Column("wants_digest", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
