"""Flags that wait or are held: who waits for room, and the days held as a question."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the two tables, and what a flag is held by."""
    op.create_table(
        "holds",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", _KEY, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_holds_decided_by")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_holds_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint(
            "school_id", "module", "day", name=op.f("uq_holds_school_id_module_day")
        ),
    )
    op.create_index(op.f("ix_holds_school_id"), "holds", ["school_id"], unique=False)
    op.create_table(
        "waiting",
        sa.Column("student_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_waiting_school_id")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_waiting_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_waiting")),
    )
    op.create_index(op.f("ix_waiting_school_id"), "waiting", ["school_id"], unique=False)
    op.add_column(
        "flags",
        sa.Column(
            "hold_id",
            _KEY,
            sa.ForeignKey("holds.id", name=op.f("fk_flags_hold_id")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(op.f("ix_flags_hold_id"), "flags", ["hold_id"], unique=False)
