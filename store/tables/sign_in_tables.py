"""Tables of students who sign in: which account is whose, sign-ins under way, and sessions."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, text, to

student_accounts = sa.Table(
    "student_accounts",
    metadata,
    # Once matched by address, a student is recognised by the part of the account that never
    # changes: addresses are given to other people in time.
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True, autoincrement=False),
    text("issuer"),
    text("subject"),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("issuer", "subject"),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    # One that waits for the sign-in service's answer, which is taken once. Of no student yet.
    sa.Column("mark", sa.Text, primary_key=True),
    # Sealed: what proves that the answer belongs to it.
    text("flow"),
    sa.Column("at", Instant, nullable=False, index=True),
)

student_sessions = sa.Table(
    "student_sessions",
    metadata,
    # A digest of what the browser's cookie holds: no reader of this table can sign in with it.
    sa.Column("mark", sa.Text, primary_key=True),
    to("students", "student_id"),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("seen_at", Instant, nullable=False),
)
