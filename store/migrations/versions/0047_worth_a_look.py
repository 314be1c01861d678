"""Students worth a look, of the newest screening: no flag, no case."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "worth_a_look",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("unseen_days", sa.Integer(), nullable=False),
        sa.Column("reason_staff", sa.Text(), nullable=False),
        sa.Column("reason_student", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fresh", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_worth_a_look_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_worth_a_look_school_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worth_a_look")),
    )
    op.create_index(op.f("ix_worth_a_look_student_id"), "worth_a_look", ["student_id"])
    op.create_index(op.f("ix_worth_a_look_school_id"), "worth_a_look", ["school_id"])
