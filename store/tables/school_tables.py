"""What a school arranges: exemptions, cover, stops, and what each colleague is told."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text, to

exemptions = sa.Table(
    "exemptions",
    metadata,
    row_id(),
    to("students", "student_id"),
    to("schools", "school_id"),
    text("kind"),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date),
    text("reason"),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    # Names the group that was exempted together; NULL: this student alone.
    sa.Column("group_key", sa.Text),
)

covers = sa.Table(
    "covers",
    metadata,
    row_id(),
    to("schools", "school_id"),
    to("staff", "absent_id"),
    to("staff", "cover_id"),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

stops = sa.Table(
    "stops",
    metadata,
    row_id(),
    # Whose mail is stopped; NULL: everybody's. And who did: NULL is the command line.
    to("schools", "school_id", null=True),
    to("staff", "stopped_by", null=True, index=False),
    text("why"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

notices = sa.Table(
    "notices",
    metadata,
    row_id(),
    # A private message to one colleague. Its words are made when it is sent, of what is true then.
    to("staff", "staff_id"),
    to("schools", "school_id", index=False),
    text("kind"),
    to("cases", "case_id", null=True),
    # What it is about beside the case: the id of an ask, an alert, an emergency, ...
    sa.Column("about", sa.BigInteger),
    sa.Column("day", sa.Date),
    sa.Column("at", Instant, nullable=False),
)
