"""The audit's chain, and the fingerprints of the database's first keys."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, text

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    # 'staff:7', 'system:screening' or 'student:12': ids only, so that erasure breaks nothing.
    text("actor"),
    text("action"),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("details", sa.JSON, nullable=False),
    text("hash"),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    text("hash"),
    # Tells a process that was given another key, before it can break the chain.
    sa.Column("key_print", sa.Text),
)

seal_checks = sa.Table(
    "seal_checks",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # A known word, sealed: tells a process that was given other keys before it loses anything.
    text("sealed"),
)
