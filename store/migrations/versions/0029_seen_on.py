"""The last day on which a student was seen in what a flag judges."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add the column. The next screening fills it for flags that go on."""
    op.add_column("flags", sa.Column("seen_on", sa.Date()))
