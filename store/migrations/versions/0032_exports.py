"""Who gathered everything on a student for them, and what for."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "exports",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_exports_student_id")
        ),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_exports_by_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index(op.f("ix_exports_student_id"), "exports", ["student_id"])
