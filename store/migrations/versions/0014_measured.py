"""What the figures about letters rest on: an email's first words, when a flag cleared."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns; of mails and flags from before it is unknown."""
    op.add_column("outreach", sa.Column("letter", sa.Text(), nullable=True))
    op.add_column(
        "outreach",
        sa.Column("own_words", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "outreach",
        sa.Column(
            "policy_id",
            _KEY,
            sa.ForeignKey("policies.id", name=op.f("fk_outreach_policy_id")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("flags", sa.Column("cleared_on", sa.Date(), nullable=True))
