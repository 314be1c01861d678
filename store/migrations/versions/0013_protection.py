"""Data protection: erasures and what they have to reach, private messages, data to be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add six tables, and since when a student and a case are no one's."""
    op.create_table(
        "preservations",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_preservations_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_preservations_by_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preservations")),
    )
    op.create_index(op.f("ix_preservations_student_id"), "preservations", ["student_id"])
    op.create_table(
        "erasures",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("student", sa.BigInteger(), nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rows_gone", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_erasures_school_id")),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_erasures_by_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_school_id"), "erasures", ["school_id"])
    op.create_table(
        "remnants",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("erasure_id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("posted_at", _INSTANT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasures.id"], name=op.f("fk_remnants_erasure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remnants")),
    )
    op.create_index(op.f("ix_remnants_erasure_id"), "remnants", ["erasure_id"])
    op.create_table(
        "directs",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("posted_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directs")),
        sa.UniqueConstraint(
            "platform",
            "tenant",
            "channel",
            "message",
            name=op.f("uq_directs_platform_tenant_channel_message"),
        ),
    )
    op.create_index(op.f("ix_directs_posted_at"), "directs", ["posted_at"])
    op.create_table(
        "direct_cases",
        sa.Column("direct_id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["direct_id"], ["directs.id"], name=op.f("fk_direct_cases_direct_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_direct_cases_case_id")),
        sa.PrimaryKeyConstraint("direct_id", "case_id", name=op.f("pk_direct_cases")),
    )
    op.create_index(op.f("ix_direct_cases_case_id"), "direct_cases", ["case_id"])
    op.create_table(
        "erased_numbers",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erased_numbers")),
    )
    op.add_column("cases", sa.Column("erased_at", _INSTANT, nullable=True))
    op.add_column("students", sa.Column("erased_at", _INSTANT, nullable=True))
