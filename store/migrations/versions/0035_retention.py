"""The data protection officer's approval of the periods after which data is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "retention_approvals"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        _TABLE,
        sa.Column("id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("activity_months", "case_years", "student_years")
        ),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_retention_approvals_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_retention_approvals_by_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_approvals")),
    )
    op.create_index(op.f("ix_retention_approvals_school_id"), _TABLE, ["school_id"])
