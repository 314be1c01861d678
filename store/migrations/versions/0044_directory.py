"""Staff follow groups of the university's directory; a school's standing is published weekly."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "directory_looks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_looks")),
    )
    op.create_table(
        "directory_places",
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_directory_places_school_id")
        ),
        sa.PrimaryKeyConstraint("school_id", "role", name=op.f("pk_directory_places")),
    )
    op.create_table(
        "directory_people",
        sa.Column("staff_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("left_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_directory_people_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_directory_people")),
        sa.UniqueConstraint("account", name=op.f("uq_directory_people_account")),
    )
    op.create_table(
        "weekly_standings",
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_weekly_standings_school_id")
        ),
        sa.PrimaryKeyConstraint("school_id", "monday", name=op.f("pk_weekly_standings")),
    )
