"""Students ask for an absence to be agreed; colleagues adjust what is expected of them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "absence_requests",
        sa.Column("saying_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("opened_by", _KEY, nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("exemption_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["saying_id"], ["sayings.id"], name=op.f("fk_absence_requests_saying_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_absence_requests_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["staff.id"], name=op.f("fk_absence_requests_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["exemption_id"], ["exemptions.id"], name=op.f("fk_absence_requests_exemption_id")
        ),
        sa.PrimaryKeyConstraint("saying_id", name=op.f("pk_absence_requests")),
    )
    op.create_index(op.f("ix_absence_requests_student_id"), "absence_requests", ["student_id"])
    op.create_table(
        "adjustments",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_adjustments_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_adjustments_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_adjustments_by_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_student_id"), "adjustments", ["student_id"])
    op.create_index(op.f("ix_adjustments_school_id"), "adjustments", ["school_id"])
