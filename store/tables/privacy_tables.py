"""Tables for data protection: holds, erasures with their remnants, private messages."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text, to

preservations = sa.Table(
    "preservations",
    metadata,
    # A hold by the data protection officer: the student's data is kept, whatever else asks for its
    # deletion.
    row_id(),
    to("students", "student_id"),
    to("staff", "by_staff_id", index=False),
    text("why"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

student_keys = sa.Table(
    "student_keys",
    metadata,
    # A student's own key seals the words about them, and names itself in them. Its number is
    # random, so that keys of a restored backup and of a list kept apart are never confused.
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    to("students", "student_id"),
    # A random secret, sealed by ENCRYPTION_KEY.
    text("sealed"),
    # Since when a newer one is used; NULL: it is in use.
    sa.Column("retired_at", Instant),
)

exports = sa.Table(
    "exports",
    metadata,
    # Everything on a student was gathered for them, by which officer and what for.
    row_id(),
    to("students", "student_id"),
    to("staff", "by_staff_id", index=False),
    text("why"),
    sa.Column("at", Instant, nullable=False),
)

retention_approvals = sa.Table(
    "retention_approvals",
    metadata,
    # The data protection officer has seen what these periods of a school delete, and has approved
    # them. Others, in a later version of its policy, need another approval.
    row_id(),
    to("schools", "school_id"),
    to("staff", "by_staff_id", index=False),
    sa.Column("activity_months", sa.Integer, nullable=False),
    sa.Column("case_years", sa.Integer, nullable=False),
    sa.Column("student_years", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

erasures = sa.Table(
    "erasures",
    metadata,
    row_id(),
    to("schools", "school_id"),
    # The internal number of an erased student; not a foreign key, since the row is gone.
    sa.Column("student", sa.BigInteger, nullable=False),
    # NULL: the periods of retention asked for it.
    to("staff", "by_staff_id", null=True, index=False),
    text("why"),
    sa.Column("rows_gone", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # When nothing was left that Lantern can reach.
    sa.Column("finished_at", Instant),
)

remnants = sa.Table(
    "remnants",
    metadata,
    # A copy outside the tables that an erasure has to delete: a message, an email, the lake.
    row_id(),
    to("erasures", "erasure_id"),
    text("kind"),
    # A platform's name; '' for what is on none.
    text("platform", default=""),
    # The tenant of a platform, or the school's mailbox.
    text("tenant", default=""),
    text("channel", default=""),
    # The id of the message, the key of an email, or the internal number of a student.
    text("message"),
    sa.Column("posted_at", Instant),
    text("state"),
    text("trouble", default=""),
    sa.Column("settled_at", Instant),
)

directs = sa.Table(
    "directs",
    metadata,
    # A private message that Lantern sent to one person, and where it is.
    row_id(),
    text("platform"),
    text("tenant"),
    text("channel"),
    text("message"),
    sa.Column("posted_at", Instant, nullable=False, index=True),
    sa.UniqueConstraint("platform", "tenant", "channel", "message"),
)

direct_cases = sa.Table(
    "direct_cases",
    metadata,
    # The cases that a private message names.
    sa.Column("direct_id", sa.ForeignKey("directs.id"), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True, index=True),
)

erased_numbers = sa.Table(
    "erased_numbers",
    metadata,
    # A keyed digest of the number of a student who was erased: a roster that still names them
    # does not bring them back. Of one who was deleted by age it is another digest, which goes when
    # a roster enrols them again.
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
