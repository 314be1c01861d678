"""Reports that a student has died, and what a second person decided on them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "deaths",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("reported_by", _KEY, nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("stopped", sa.JSON(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", _KEY, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deaths_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_deaths_decided_by")),
        sa.ForeignKeyConstraint(["reported_by"], ["staff.id"], name=op.f("fk_deaths_reported_by")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_deaths_school_id")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_deaths_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deaths")),
    )
    op.create_index(op.f("ix_deaths_student_id"), "deaths", ["student_id"])
