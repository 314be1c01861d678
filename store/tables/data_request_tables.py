"""Tables of what students ask about their data, and of words that may do serious harm (§28)."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text, to

data_requests = sa.Table(
    "data_requests",
    metadata,
    # A request for a copy of everything, or a complaint about data protection.
    row_id(),
    to("students", "student_id"),
    # The home school at that time, whose data protection officer answers.
    to("schools", "school_id"),
    # Identifies the submitted form, so that one that arrives twice is saved once.
    sa.Column("key", sa.Text, nullable=False, unique=True),
    # Of ``DataAsk``.
    text("kind"),
    # Sealed; '' for none.
    text("words", default=""),
    # The legal days count from here.
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # The officer who recorded what came otherwise; NULL: the student asked on their page.
    to("staff", "recorded_by", null=True, index=False),
    to("staff", "acknowledged_by", null=True, index=False),
    sa.Column("acknowledged_at", Instant),
    sa.Column("extra_months", sa.Integer, nullable=False, default=0),
    to("staff", "extended_by", null=True, index=False),
    sa.Column("extended_at", Instant),
    # Sealed, and told to the student; so is the answer.
    text("extended_why", default=""),
    to("staff", "answered_by", null=True, index=False),
    sa.Column("answered_at", Instant, index=True),
    text("answer", default=""),
)

data_questions = sa.Table(
    "data_questions",
    metadata,
    # What the student was asked about their request: the clock stops until it is answered.
    row_id(),
    to("data_requests", "request_id"),
    # Of ``ClockStop``.
    text("asks"),
    # Sealed, and so is the answer.
    text("words"),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
    text("answer", default=""),
    # The officer who recorded an answer that came otherwise; NULL: the student gave it.
    to("staff", "answered_by", null=True, index=False),
    # The mail service's id of an answer that came by email.
    sa.Column("message_id", sa.Text),
)

data_letters = sa.Table(
    "data_letters",
    metadata,
    # An email that tells the student of a step about their request. Its outbox row names its id.
    row_id(),
    to("data_requests", "request_id"),
    # Of ``DataStep``.
    text("step"),
    text("language"),
    # The school's mailbox, and the student's university address.
    text("sender"),
    text("recipient"),
    text("subject"),
    # Sealed: it may have the officer's words.
    text("body"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    # By these an answer to it, or its return, is known.
    sa.Column("message_id", sa.Text),
    sa.Column("conversation", sa.Text),
    # Why it was not sent; '' otherwise.
    text("not_sent", default=""),
)

harm_marks = sa.Table(
    "harm_marks",
    metadata,
    # Words that may do serious harm in a copy for the student: the officer decides. It is in no
    # copy itself.
    row_id(),
    to("students", "student_id"),
    to("cases", "case_id", null=True),
    # The table and the row that hold the words.
    text("place"),
    sa.Column("row", sa.BigInteger, nullable=False),
    # Sealed, and so is the officer's reason.
    text("why"),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    # Whether the words are given to the student; NULL: not decided yet.
    sa.Column("gives", sa.Boolean),
    text("decision", default=""),
    to("staff", "decided_by", null=True, index=False),
    sa.Column("decided_at", Instant),
    sa.UniqueConstraint("place", "row"),
)
