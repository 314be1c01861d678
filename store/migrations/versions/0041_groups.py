"""Groups for fairness reports, objections to them, and what was published."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "student_groups",
        sa.Column("student_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_groups_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student_groups")),
    )
    op.create_table(
        "group_objections",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_group_objections_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_group_objections_by_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_objections")),
    )
    op.create_index(op.f("ix_group_objections_student_id"), "group_objections", ["student_id"])
    op.create_table(
        "fairness_figures",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("characteristic", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_fairness_figures_school_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_figures")),
        sa.UniqueConstraint(
            "school_id",
            "first",
            "characteristic",
            name=op.f("uq_fairness_figures_school_id_first_characteristic"),
        ),
    )
