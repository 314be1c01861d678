"""What students are called elsewhere, and numbers of which it is asked whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables. The next roster fills them."""
    op.create_table(
        "student_identifiers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("first", sa.Date()),
        sa.Column("last", sa.Date()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_identifiers_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_identifiers")),
    )
    op.create_index(
        op.f("ix_student_identifiers_student_id"), "student_identifiers", ["student_id"]
    )
    op.create_table(
        "number_questions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("settled_at", _INSTANT),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_number_questions_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_questions")),
    )
    op.create_index(op.f("ix_number_questions_student_id"), "number_questions", ["student_id"])
