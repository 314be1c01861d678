"""Lines in the threads of cases' cards, and where they stand."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "thread_lines",
        sa.Column("id", _ID, primary_key=True),
        _to("thread_lines", "case_id", "cases"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _to("thread_lines", "by_staff_id", "staff", null=True),
        sa.Column("about", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("key", name=op.f("uq_thread_lines_key")),
    )
    op.create_index("ix_thread_lines_case_id", "thread_lines", ["case_id"])
    op.create_table(
        "line_posts",
        sa.Column("id", _ID, primary_key=True),
        _to("line_posts", "line_id", "thread_lines"),
        _to("line_posts", "case_id", "cases"),
        _to("line_posts", "channel_id", "channels"),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("line_id", "channel_id", name=op.f("uq_line_posts_line_id_channel_id")),
    )
    op.create_index("ix_line_posts_case_id", "line_posts", ["case_id"])
    op.create_index("ix_line_posts_channel_id", "line_posts", ["channel_id"])


def _to(table: str, column: str, other: str, *, null: bool = False) -> "sa.Column[int]":
    name = op.f(f"fk_{table}_{column}")
    key = sa.ForeignKey(f"{other}.id", name=name)
    return sa.Column(column, _ID, key, nullable=null)
