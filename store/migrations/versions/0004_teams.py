"""Microsoft Teams: its address for a tenant, students' accounts, channels that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add three tables."""
    op.create_table(
        "teams_tenants",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("service_url", sa.Text(), nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_teams_tenants")),
    )
    op.create_table(
        "closed_channels",
        sa.Column("channel_id", _KEY, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_closed_channels_channel_id")
        ),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_closed_channels")),
    )
    op.create_table(
        "teams_students",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_teams_students_student_id")
        ),
        sa.PrimaryKeyConstraint("tenant", "user_id", name=op.f("pk_teams_students")),
        sa.UniqueConstraint("student_id", name=op.f("uq_teams_students_student_id")),
    )
