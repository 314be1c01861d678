"""Each student's own key, which seals words about them; used at once where nothing was done yet."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table. Where processes of an earlier version may run, a command begins its use."""
    op.create_table(
        "student_keys",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("retired_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_keys_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_student_keys")),
    )
    op.create_index(op.f("ix_student_keys_student_id"), "student_keys", ["student_id"])
    connection = op.get_bind()
    head = sa.table("audit_head", sa.column("seq", sa.BigInteger))
    revisions = sa.table("revisions", sa.column("name", sa.Text), sa.column("token", sa.Text))
    if not connection.execute(sa.select(sa.func.max(head.c.seq))).scalar():
        connection.execute(
            sa.insert(revisions).values(name="student keys", token=secrets.token_hex(8))
        )
