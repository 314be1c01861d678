"""Tables of students' messages, contact preferences and identifiers."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text, to

sayings = sa.Table(
    "sayings",
    metadata,
    row_id(),
    to("students", "student_id"),
    # Who looks after it where there is no case: the home school at that time.
    to("schools", "school_id"),
    to("cases", "case_id", null=True),
    to("outreach", "outreach_id", null=True),
    # Identifies the click or message, so that one that arrives twice is saved once.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    text("kind"),
    sa.Column("way", sa.Text),
    # Sealed, and so is the answer: both may tell of a person's life. '' for none.
    text("words"),
    sa.Column("at", Instant, nullable=False),
    to("staff", "answered_by", null=True, index=False),
    text("answer", default=""),
    sa.Column("answered_at", Instant),
)

absence_requests = sa.Table(
    "absence_requests",
    metadata,
    # The message with which it came, which also has the colleague's answer. Its reason is here and
    # not there, since other colleagues open the messages.
    sa.Column("saying_id", sa.ForeignKey("sayings.id"), primary_key=True, autoincrement=False),
    to("students", "student_id"),
    # Both included.
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    # Sealed.
    text("reason"),
    # Of ``DocumentKind``; NULL: none came.
    sa.Column("document_kind", sa.Text),
    # Sealed; NULL: none came, or it was deleted with the decision.
    sa.Column("document", sa.Text),
    # Who opened the document, and so decides.
    to("staff", "opened_by", null=True, index=False),
    # NULL: not decided yet.
    sa.Column("agreed", sa.Boolean),
    to("exemptions", "exemption_id", null=True, index=False),
)

adjustments = sa.Table(
    "adjustments",
    metadata,
    row_id(),
    to("students", "student_id"),
    to("schools", "school_id"),
    # Of ``MarkerFamily``: what is not expected in these days, both included.
    text("family"),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    # Sealed, and shown to no colleague.
    text("reason"),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

preferences = sa.Table(
    "preferences",
    metadata,
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True, autoincrement=False),
    # How the student wants to be contacted, of ``ContactWay``; NULL: they have not said.
    sa.Column("way", sa.Text),
    # Sealed: a number, a time of day. '' for none.
    text("words", default=""),
    sa.Column("said_at", Instant),
    # Since when no email about engagement is wanted; NULL: it is.
    sa.Column("opted_out_at", Instant),
)

student_identifiers = sa.Table(
    "student_identifiers",
    metadata,
    row_id(),
    to("students", "student_id"),
    # Of ``IdentifierKind``: a username, an id of the learning environment, an earlier number.
    text("kind"),
    # Which system calls them so, such as ``moodle``; '': the kind says it.
    text("system"),
    text("value"),
    # Both included; NULL: open.
    sa.Column("first", sa.Date),
    sa.Column("last", sa.Date),
    # Where it is from: the roster's file, or the rule that found it.
    text("source"),
    sa.Column("at", Instant, nullable=False),
)

number_questions = sa.Table(
    "number_questions",
    metadata,
    row_id(),
    # A known student, and another number that came with the same university address. Until it is
    # settled whether both are one person, no inactivity is claimed of the student.
    to("students", "student_id"),
    text("number"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
)
