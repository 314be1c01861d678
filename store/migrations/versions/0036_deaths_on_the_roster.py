"""A death that the roster reports has no colleague as its reporter."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MAY_BE_EMPTY = {"deaths": ("reported_by",), "exemptions": ("by_staff_id",)}


def upgrade() -> None:
    """Let the columns that name a colleague be empty."""
    for table, columns in _MAY_BE_EMPTY.items():
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.alter_column(column, existing_type=_KEY, nullable=True)
