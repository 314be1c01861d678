"""The policy version by which a flag's words and figures stand, where it is a later one (§21)."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column. Empty: the version that raised the flag, as for all flags until now."""
    op.add_column(
        "flags",
        sa.Column(
            "worded_policy_id",
            _KEY,
            sa.ForeignKey("policies.id", name=op.f("fk_flags_worded_policy_id")),
            nullable=True,
        ),
        inline_references=True,
    )
