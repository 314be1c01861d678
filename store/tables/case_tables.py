"""Tables of cases, and of colleagues' views, notes and actions on them."""

from __future__ import annotations

import sqlalchemy as sa

from store.rules.model import ENDED_CASES
from store.tables.base import Instant, metadata, row_id, text, to

cases = sa.Table(
    "cases",
    metadata,
    row_id(),
    sa.Column("reference", sa.Text, nullable=False, unique=True),
    to("students", "student_id"),
    to("schools", "school_id"),
    text("status"),
    to("staff", "owner_id", null=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", sa.Text),
    text("outcome_note", default=""),
    # What helped, as words of ``Help``; and whether its flags were useful.
    sa.Column("helped", sa.JSON, nullable=False, default=list, server_default="[]"),
    sa.Column("usefulness", sa.Text),
    # The status to which a paused or referred case resumes, or a closed one with an answer that no
    # one had acted on.
    sa.Column("rested_from", sa.Text),
    sa.Column("paused_until", sa.Date),
    sa.Column("pause_reason", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("snoozed_until", sa.Date),
    to("cases", "merged_into", null=True, index=False),
    # The closed case that this one follows: what raised it still held, or something new appeared.
    to("cases", "follows_id", null=True, index=False),
    # Eight weeks as of the newest screening: see rules.flag_rules.session_weeks.Weeks.
    sa.Column("weeks", sa.JSON, nullable=False),
    sa.Column("weeks_until", sa.Date, nullable=False),
    # Since when everything but the outcome has been erased: the school's figures stay true.
    sa.Column("erased_at", Instant),
)
# One open case per student, held by the database itself: two screenings at once cannot open two.
sa.Index(
    "uq_cases_one_open",
    cases.c.student_id,
    unique=True,
    sqlite_where=sa.text("status NOT IN ('closed', 'merged')"),
    postgresql_where=sa.text("status NOT IN ('closed', 'merged')"),
)
# As text, not as parameters, so that the index above serves: see ``FLAG_IS_ACTIVE``.
CASE_IS_OPEN = cases.c.status.not_in([sa.literal_column(f"'{e}'") for e in sorted(ENDED_CASES)])
sa.Index("ix_cases_school_status", cases.c.school_id, cases.c.status)

views = sa.Table(
    "views",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "author_id"),
    text("opinion"),
    text("reason"),
    sa.Column("at", Instant, nullable=False),
)

interventions = sa.Table(
    "interventions",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "author_id"),
    text("kind"),
    text("note"),
    sa.Column("at", Instant, nullable=False),
    # The roles that may read the note; NULL: everyone who may see the case.
    sa.Column("readable_by", sa.JSON(none_as_null=True)),
    # Of a meeting or a call: when it was, NULL: when it was logged; and whether the student was
    # there, NULL: no one was asked.
    sa.Column("happened_on", sa.Date),
    sa.Column("reached", sa.Boolean),
)

# Earlier versions wrote the JSON null.
NOTE_IS_FOR_ALL = sa.func.coalesce(sa.cast(interventions.c.readable_by, sa.Text), "null") == "null"
"""The condition that everyone who may see the case may read a note."""

reveals = sa.Table(
    "reveals",
    metadata,
    row_id(),
    # Who opened a student's name, or earlier cases, and what for: part of the access log.
    to("cases", "case_id"),
    to("staff", "staff_id", index=False),
    text("purpose"),
    text("why"),
    sa.Column("at", Instant, nullable=False),
)

referrals = sa.Table(
    "referrals",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "author_id"),
    # An entry's key and name in the school's signposting directory, as they were then.
    text("service"),
    text("service_name"),
    sa.Column("consented", sa.Boolean, nullable=False),
    text("note"),
    sa.Column("at", Instant, nullable=False),
)

asks = sa.Table(
    "asks",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "asker_id", index=False),
    to("staff", "asked_id"),
    text("question"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
)

remarks = sa.Table(
    "remarks",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "author_id"),
    # Where it was said: the platform's own id of the message, so that edits and deletions follow.
    sa.Column("message", sa.Text, nullable=False, unique=True),
    text("body"),
    sa.Column("at", Instant, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "author_id"),
    text("rung"),
    text("result"),
    text("note"),
    sa.Column("at", Instant, nullable=False),
    to("outreach", "outreach_id", null=True, index=False),
    # The newest day on which traces show the student; NULL: none, or it was not kept.
    sa.Column("seen_on", sa.Date),
)

emergencies = sa.Table(
    "emergencies",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "used_by", index=False),
    text("why"),
    sa.Column("at", Instant, nullable=False),
    to("staff", "reviewed_by", null=True, index=False),
    text("review", default=""),
    sa.Column("reviewed_at", Instant),
)

fitness = sa.Table(
    "fitness",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "decided_by", index=False),
    text("decision"),
    text("why"),
    # The referral summary exactly as the lead saw it; '' where it was decided against.
    text("summary"),
    sa.Column("at", Instant, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("schools", "from_school_id", index=False),
    to("schools", "to_school_id"),
    to("staff", "alerted_by", index=False),
    text("why"),
    sa.Column("at", Instant, nullable=False),
    to("staff", "acknowledged_by", null=True, index=False),
    sa.Column("acknowledged_at", Instant),
)

complaints = sa.Table(
    "complaints",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("staff", "recorded_by", index=False),
    # Its subject, where it is about a colleague; and who handles it.
    to("staff", "about_id", null=True, index=False),
    to("staff", "handler_id", null=True, index=False),
    text("summary"),
    sa.Column("informal_by", sa.Date, nullable=False),
    # Everything on the case at that instant, sealed, and the SHA-256 of the opened text: what is
    # argued about stays as it was.
    text("evidence"),
    text("evidence_hash"),
    sa.Column("at", Instant, nullable=False),
    to("staff", "resolved_by", null=True, index=False),
    text("resolution", default=""),
    sa.Column("resolved_at", Instant),
)
