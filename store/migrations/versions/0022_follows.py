"""The closed case that a later case follows."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "cases",
        sa.Column(
            "follows_id",
            _KEY,
            sa.ForeignKey("cases.id", name=op.f("fk_cases_follows_id")),
            nullable=True,
        ),
        inline_references=True,
    )
