"""Students sign in: whose account is whose, sign-ins under way, and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "student_accounts",
        sa.Column("student_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_accounts_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student_accounts")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_student_accounts_issuer_subject")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_at"), "sign_ins", ["at"])
    op.create_table(
        "student_sessions",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_sessions_student_id")
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_student_sessions")),
    )
    op.create_index(op.f("ix_student_sessions_at"), "student_sessions", ["at"])
    op.create_index(op.f("ix_student_sessions_student_id"), "student_sessions", ["student_id"])
