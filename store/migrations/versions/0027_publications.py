"""Where and when students were told of a version of their school's policy."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "publications",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("policy_id", _KEY, nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_staff_id", _KEY),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_publications_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_publications_by_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_policy_id"), "publications", ["policy_id"])
