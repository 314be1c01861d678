"""What students say for themselves, and how they want to be contacted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "sayings",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=True),
        sa.Column("outreach_id", _KEY, nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("answered_by", _KEY, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_sayings_{column}"))
            for column, table in (
                ("student_id", "students"),
                ("school_id", "schools"),
                ("case_id", "cases"),
                ("outreach_id", "outreach"),
                ("answered_by", "staff"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sayings")),
        sa.UniqueConstraint("key", name=op.f("uq_sayings_key")),
    )
    for column in ("student_id", "school_id", "case_id", "outreach_id"):
        op.create_index(op.f(f"ix_sayings_{column}"), "sayings", [column], unique=False)
    op.create_table(
        "preferences",
        sa.Column("student_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", _INSTANT, nullable=True),
        sa.Column("opted_out_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_preferences_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_preferences")),
    )
