"""What a real mail service needs: kinds of answers, requests without a reply, mailboxes' state."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two columns and one table."""
    op.add_column("replies", sa.Column("kind", sa.Text(), server_default="answer", nullable=False))
    op.add_column("outbox", sa.Column("unresolved_since", _INSTANT, nullable=True))
    op.create_table(
        "mailboxes",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("free_at", _INSTANT, nullable=True),
        sa.Column("read_up_to", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mailboxes")),
    )
