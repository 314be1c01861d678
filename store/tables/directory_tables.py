"""Tables of the university's directory: what it said last, and whose account is whose."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, text

directory_looks = sa.Table(
    "directory_looks",
    metadata,
    # One row, of the newest look that succeeded.
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    # Sealed: groups, accounts with their addresses, and the links from which a look continues.
    text("state"),
    sa.Column("guests", sa.Integer, nullable=False),
    sa.Column("unknown", sa.Integer, nullable=False),
)

directory_places = sa.Table(
    "directory_places",
    metadata,
    # Roles that the directory decides: a roster that is loaded leaves them as they are.
    sa.Column("school_id", sa.ForeignKey("schools.id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

directory_people = sa.Table(
    "directory_people",
    metadata,
    # Once matched by address, a colleague is recognised by the account's id, which never changes.
    sa.Column("staff_id", sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    sa.Column("account", sa.Text, unique=True),
    # Since when the directory has switched them off; NULL: it has not.
    sa.Column("left_at", Instant),
)
