"""Automatic replies to students' answers, one a day at most."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "automatic_replies"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        _TABLE,
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("outreach_id", _KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("language", "sender", "recipient", "subject", "body")
        ),
        sa.Column("thread", sa.JSON(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("sent_at", _INSTANT),
        sa.Column("not_sent", sa.Text(), nullable=False, server_default=""),
        sa.Column("conversation", sa.Text()),
        sa.Column("message_id", sa.Text()),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_automatic_replies_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["outreach_id"], ["outreach.id"], name=op.f("fk_automatic_replies_outreach_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automatic_replies")),
        sa.UniqueConstraint("case_id", "day", name=op.f("uq_automatic_replies_case_id_day")),
    )
    for column in ("case_id", "conversation", "message_id"):
        op.create_index(op.f(f"ix_automatic_replies_{column}"), _TABLE, [column])
