"""When a logged meeting or call was, whether the student was there, and when traces were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the columns; of what was logged before, no one was asked."""
    op.add_column("interventions", sa.Column("happened_on", sa.Date()))
    op.add_column("interventions", sa.Column("reached", sa.Boolean()))
    op.add_column("attempts", sa.Column("seen_on", sa.Date()))
