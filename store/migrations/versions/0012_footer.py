"""What stands under an email: the student's links."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; mails from before have no links."""
    op.add_column("outreach", sa.Column("footer", sa.Text(), nullable=False, server_default=""))
