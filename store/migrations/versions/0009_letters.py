"""Letters in the student's language; what an email rested on, how it was put, what it offers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns, and the table of earlier wordings."""
    op.add_column("students", sa.Column("language", sa.Text(), server_default="en", nullable=False))
    op.add_column("outreach", sa.Column("language", sa.Text(), server_default="en", nullable=False))
    op.add_column(
        "outreach",
        sa.Column("prepared", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("outreach", sa.Column("drafted_on", sa.JSON(), nullable=True))
    op.add_column("outreach", sa.Column("opened_on", sa.JSON(), nullable=True))
    op.add_column("outreach", sa.Column("meeting", sa.JSON(), nullable=True))
    op.add_column("outreach", sa.Column("not_sent", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "wordings",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("outreach_id", _KEY, nullable=False),
        sa.Column("author_id", _KEY, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_wordings_author_id")),
        sa.ForeignKeyConstraint(
            ["outreach_id"], ["outreach.id"], name=op.f("fk_wordings_outreach_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
    )
    op.create_index(op.f("ix_wordings_outreach_id"), "wordings", ["outreach_id"], unique=False)
