"""What could not be done with something from outside, since when work waits, and heartbeats."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the table and the two columns."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "troubles",
        sa.Column("id", number, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False, server_default=""),
        sa.Column("arrived_at", sa.DateTime(timezone=True)),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_troubles"),
        sa.UniqueConstraint("kind", "key", name="uq_troubles_kind_key"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_troubles_school_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_troubles_case_id"),
    )
    op.create_index("ix_troubles_school_id", "troubles", ["school_id"])
    op.create_index("ix_troubles_case_id", "troubles", ["case_id"])
    op.add_column("outbox", sa.Column("waiting_since", sa.DateTime(timezone=True)))
    op.add_column("slots", sa.Column("alive_at", sa.DateTime(timezone=True)))
