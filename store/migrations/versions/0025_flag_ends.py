"""Why a flag ended, and on which screened day. Flags that ended before keep no reason."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("flags", sa.Column("ended", sa.Text()))
    op.add_column("flags", sa.Column("ended_on", sa.Date()))
