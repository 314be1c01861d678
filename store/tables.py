"""Every table of the record store. The migrations create exactly this; a test compares them.

People, policies, cases, decisions, the outbox and the audit live here. Activity does not: it is
bulk, and lies in the Parquet lake under internal student numbers (``students.id``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from store.rules.model import ENDED_CASES

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[dt.datetime]):
    """An aware UTC instant, on SQLite too, which stores no time zone of its own."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Refuse a naive datetime: it would mean something else on every machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Give back UTC, whatever the driver made of it."""
        if value is None:
            return None
        stamp: dt.datetime = value
        return stamp.replace(tzinfo=dt.UTC) if stamp.tzinfo is None else stamp.astimezone(dt.UTC)


def _id() -> sa.Column[int]:
    # SQLite only numbers a plain INTEGER key by itself; PostgreSQL wants the room of a BIGINT.
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", kind, primary_key=True)


def _to(table: str, name: str, *, null: bool = False, index: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.ForeignKey(f"{table}.id"), nullable=null, index=index)


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, default=default)


# -- Roster ------------------------------------------------------------------------------------

schools = sa.Table(
    "schools",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    _text("name"),
    _text("faculty"),
    # The last case number given out; references are per school, so that they stay short.
    sa.Column("last_case", sa.Integer, nullable=False, default=0, server_default="0"),
)

staff = sa.Table(
    "staff",
    metadata,
    _id(),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    _text("name"),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("trained_on", sa.Date),
)

staff_roles = sa.Table(
    "staff_roles",
    metadata,
    sa.Column("staff_id", sa.ForeignKey("staff.id"), primary_key=True),
    sa.Column("school_id", sa.ForeignKey("schools.id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    _to("staff", "staff_id"),
)

students = sa.Table(
    "students",
    metadata,
    _id(),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    _text("given_name"),
    _text("family_name"),
    _text("level"),
    _text("programme"),
    _to("schools", "home_school_id"),
    _to("staff", "adviser_id", null=True),
    _text("university_email"),
    _text("personal_email"),
)

contributing_schools = sa.Table(
    "contributing_schools",
    metadata,
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True),
    sa.Column("school_id", sa.ForeignKey("schools.id"), primary_key=True),
)

modules = sa.Table(
    "modules",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    _text("title"),
    _to("schools", "school_id"),
    _to("staff", "organiser_id", null=True),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True),
    sa.Column("module_id", sa.ForeignKey("modules.id"), primary_key=True),
    sa.Column("starts", sa.Date, nullable=False),
    sa.Column("ends", sa.Date),
)

revisions = sa.Table(
    "revisions",
    metadata,
    # A new word for every change of something that is copied elsewhere, so that a copy can tell
    # whether it is old. Not a number: a database that was made anew would count from one again.
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, nullable=False),
)

channels = sa.Table(
    "channels",
    metadata,
    _id(),
    _to("schools", "school_id"),
    _text("platform"),
    _text("tenant"),
    _text("channel"),
    _text("name"),
    sa.UniqueConstraint("platform", "tenant", "channel"),
)

# -- Policy ------------------------------------------------------------------------------------

policies = sa.Table(
    "policies",
    metadata,
    _id(),
    _to("schools", "school_id"),
    sa.Column("version", sa.Integer, nullable=False),
    _text("document"),
    _text("document_hash"),
    sa.Column("effective", sa.Date, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.UniqueConstraint("school_id", "version"),
)

# -- Feeds -------------------------------------------------------------------------------------

ingests = sa.Table(
    "ingests",
    metadata,
    _id(),
    _text("source"),
    _text("file"),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    # Why nothing of the file could be used; '' where it could.
    _text("trouble", default=""),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    _id(),
    _to("ingests", "ingest_id"),
    _text("file"),
    sa.Column("line", sa.Integer, nullable=False),
    _text("reason"),
)

# -- Casework ----------------------------------------------------------------------------------

cases = sa.Table(
    "cases",
    metadata,
    _id(),
    sa.Column("reference", sa.Text, nullable=False, unique=True),
    _to("students", "student_id"),
    _to("schools", "school_id"),
    _text("status"),
    _to("staff", "owner_id", null=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", sa.Text),
    _text("outcome_note", default=""),
    # What helped, as words of ``Help``; and whether its flags were of use.
    sa.Column("helped", sa.JSON, nullable=False, default=list, server_default="[]"),
    sa.Column("usefulness", sa.Text),
    # Where a paused or referred case goes on.
    sa.Column("rested_from", sa.Text),
    sa.Column("paused_until", sa.Date),
    sa.Column("pause_reason", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("snoozed_until", sa.Date),
    _to("cases", "merged_into", null=True, index=False),
    # Active days in each of the last eight weeks, as of the newest screening.
    sa.Column("weeks", sa.JSON, nullable=False),
    sa.Column("weeks_until", sa.Date, nullable=False),
)
# One open case per student, held by the database itself: two screenings at once cannot open two.
sa.Index(
    "uq_cases_one_open",
    cases.c.student_id,
    unique=True,
    sqlite_where=sa.text("status NOT IN ('closed', 'merged')"),
    postgresql_where=sa.text("status NOT IN ('closed', 'merged')"),
)
CASE_IS_OPEN = cases.c.status.not_in(sorted(ENDED_CASES))
sa.Index("ix_cases_school_status", cases.c.school_id, cases.c.status)

holds = sa.Table(
    "holds",
    metadata,
    # A day that flagged too many of a module at once: a question about the data, for its organiser.
    _id(),
    _to("schools", "school_id"),
    _text("module"),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("flagged", sa.Integer, nullable=False),
    sa.Column("cohort", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # 'released' or 'dismissed'; NULL: nobody has decided yet.
    sa.Column("decision", sa.Text),
    _to("staff", "decided_by", null=True, index=False),
    _text("why", default=""),
    sa.Column("decided_at", Instant),
    sa.UniqueConstraint("school_id", "module", "day"),
)

flags = sa.Table(
    "flags",
    metadata,
    _id(),
    _to("students", "student_id"),
    _to("schools", "school_id"),
    # NULL while its student waits for room, or while it is held.
    _to("cases", "case_id", null=True),
    # Held back with its day, until released; a flag that was dismissed stays held.
    _to("holds", "hold_id", null=True),
    _to("policies", "policy_id"),
    _text("key"),
    _text("rule"),
    _text("family"),
    sa.Column("module", sa.Text),
    _text("state"),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("last_found_on", sa.Date, nullable=False),
    # Days in between on which it was not found, as ISO dates.
    sa.Column("missed_on", sa.JSON, nullable=False),
    _text("reason_staff"),
    _text("reason_student"),
    _text("source"),
    sa.Column("fresh", sa.Date, nullable=False),
    sa.Column("measured", sa.JSON, nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
)
sa.Index("ix_flags_school_state", flags.c.school_id, flags.c.state, flags.c.last_found_on)
# A flag's run cannot be raised twice, whoever screens at the same time.
sa.Index(
    "uq_flags_one_active",
    flags.c.student_id,
    flags.c.school_id,
    flags.c.key,
    unique=True,
    sqlite_where=sa.text("state = 'active'"),
    postgresql_where=sa.text("state = 'active'"),
)

waiting = sa.Table(
    "waiting",
    metadata,
    # Students whom a screening flagged and for whom there was no room yet, as of the newest one.
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True),
    # The home school, whose room it is.
    _to("schools", "school_id"),
    sa.Column("since", sa.Date, nullable=False),
    # Where the evidence puts them in the order of that day; nothing but an order.
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)

screenings = sa.Table(
    "screenings",
    metadata,
    sa.Column("school_id", sa.ForeignKey("schools.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("flags_raised", sa.Integer, nullable=False),
    sa.Column("cases_opened", sa.Integer, nullable=False),
)

views = sa.Table(
    "views",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "author_id"),
    _text("opinion"),
    _text("reason"),
    sa.Column("at", Instant, nullable=False),
)

interventions = sa.Table(
    "interventions",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "author_id"),
    _text("kind"),
    _text("note"),
    sa.Column("at", Instant, nullable=False),
    # The roles that may read the note; NULL: everybody who may see the case.
    sa.Column("readable_by", sa.JSON),
)

reveals = sa.Table(
    "reveals",
    metadata,
    _id(),
    # Who opened a student's name, or earlier cases, and what for: part of the access log.
    _to("cases", "case_id"),
    _to("staff", "staff_id", index=False),
    _text("purpose"),
    _text("why"),
    sa.Column("at", Instant, nullable=False),
)

referrals = sa.Table(
    "referrals",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "author_id"),
    # An entry's key and name in the school's signposting directory, as they were then.
    _text("service"),
    _text("service_name"),
    sa.Column("consented", sa.Boolean, nullable=False),
    _text("note"),
    sa.Column("at", Instant, nullable=False),
)

asks = sa.Table(
    "asks",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "asker_id", index=False),
    _to("staff", "asked_id"),
    _text("question"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
)

remarks = sa.Table(
    "remarks",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "author_id"),
    # Where it was said: the platform's own id of the message, so that edits and deletions follow.
    sa.Column("message", sa.Text, nullable=False, unique=True),
    _text("body"),
    sa.Column("at", Instant, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "author_id"),
    _text("rung"),
    _text("result"),
    _text("note"),
    sa.Column("at", Instant, nullable=False),
    _to("outreach", "outreach_id", null=True, index=False),
)

emergencies = sa.Table(
    "emergencies",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "used_by", index=False),
    _text("why"),
    sa.Column("at", Instant, nullable=False),
    _to("staff", "reviewed_by", null=True, index=False),
    _text("review", default=""),
    sa.Column("reviewed_at", Instant),
)

fitness = sa.Table(
    "fitness",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "decided_by", index=False),
    _text("decision"),
    _text("why"),
    # The referral summary exactly as the lead saw it; '' where it was decided against.
    _text("summary"),
    sa.Column("at", Instant, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("schools", "from_school_id", index=False),
    _to("schools", "to_school_id"),
    _to("staff", "alerted_by", index=False),
    _text("why"),
    sa.Column("at", Instant, nullable=False),
    _to("staff", "acknowledged_by", null=True, index=False),
    sa.Column("acknowledged_at", Instant),
)

complaints = sa.Table(
    "complaints",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("staff", "recorded_by", index=False),
    # Whom it is about, where it is about a colleague; and who handles it.
    _to("staff", "about_id", null=True, index=False),
    _to("staff", "handler_id", null=True, index=False),
    _text("summary"),
    sa.Column("informal_by", sa.Date, nullable=False),
    # Everything on the case at that instant, and its SHA-256: what is argued about stays as it was.
    _text("evidence"),
    _text("evidence_hash"),
    sa.Column("at", Instant, nullable=False),
    _to("staff", "resolved_by", null=True, index=False),
    _text("resolution", default=""),
    sa.Column("resolved_at", Instant),
)

exemptions = sa.Table(
    "exemptions",
    metadata,
    _id(),
    _to("students", "student_id"),
    _to("schools", "school_id"),
    _text("kind"),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date),
    _text("reason"),
    _to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    # Names the group that was exempted together; NULL: this student alone.
    sa.Column("group_key", sa.Text),
)

covers = sa.Table(
    "covers",
    metadata,
    _id(),
    _to("schools", "school_id"),
    _to("staff", "absent_id"),
    _to("staff", "cover_id"),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    _to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

stops = sa.Table(
    "stops",
    metadata,
    _id(),
    # Whose mail is stopped; NULL: everybody's. And who did: NULL is the command line.
    _to("schools", "school_id", null=True),
    _to("staff", "stopped_by", null=True, index=False),
    _text("why"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

notices = sa.Table(
    "notices",
    metadata,
    _id(),
    # A private message to one colleague. Its words are made when it is sent, of what is true then.
    _to("staff", "staff_id"),
    _to("schools", "school_id", index=False),
    _text("kind"),
    _to("cases", "case_id", null=True),
    # What it is about beside the case: the id of an ask, an alert, an emergency, ...
    sa.Column("about", sa.BigInteger),
    sa.Column("day", sa.Date),
    sa.Column("at", Instant, nullable=False),
)

outreach = sa.Table(
    "outreach",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _text("rung"),
    _text("status"),
    _to("staff", "drafter_id"),
    # Everybody who wrote on it: none of their views counts as another colleague's.
    sa.Column("writers", sa.JSON, nullable=False),
    _text("sender"),
    _text("recipient"),
    _text("subject"),
    _text("body"),
    sa.Column("version", sa.Integer, nullable=False),
    _to("staff", "opened_by", null=True, index=False),
    sa.Column("opened_hash", sa.Text),
    _to("staff", "approver_id", null=True, index=False),
    sa.Column("approved_at", Instant),
    sa.Column("body_hash", sa.Text),
    sa.Column(
        "purpose", sa.Text, nullable=False, default="engagement", server_default="engagement"
    ),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    # Why an approver sent the draft back, until it is written anew; and who did.
    sa.Column("returned", sa.Text, nullable=False, default="", server_default=""),
    _to("staff", "returned_by", null=True, index=False),
    # What the mail server calls the conversation; answers are matched by it.
    sa.Column("conversation", sa.Text, index=True),
)

replies = sa.Table(
    "replies",
    metadata,
    _id(),
    _to("cases", "case_id"),
    _to("outreach", "outreach_id"),
    # The mail server's own id: an answer that is read twice is recorded once.
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    # Only an 'answer' is one; bounces and automatic replies are kept beside it.
    sa.Column("kind", sa.Text, nullable=False, server_default="answer"),
    _text("body"),
    sa.Column("received_at", Instant, nullable=False),
)

# -- What leaves the house ---------------------------------------------------------------------

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    sa.Column("idem_key", sa.Text, nullable=False, unique=True),
    _text("kind"),
    _to("cases", "case_id", null=True),
    _to("outreach", "outreach_id", null=True, index=False),
    _to("notices", "notice_id", null=True, index=False),
    _to("schools", "school_id"),
    sa.Column("day", sa.Date),
    _text("state"),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("lease_by", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    # The mail's draft at the mail server: the first writer wins, and only that one is ever sent.
    sa.Column("provider_ref", sa.Text),
    # Since when nobody can tell what became of a request to the mail server; NULL: no such request.
    sa.Column("unresolved_since", Instant),
    sa.Column("trouble", sa.Text),
    sa.Column("settled_at", Instant),
)
sa.Index("ix_outbox_state_not_before", outbox.c.state, outbox.c.not_before)

posts = sa.Table(
    "posts",
    metadata,
    _id(),
    # 'case:<id>' or 'digest:<school>:<day>': what the message shows.
    _text("subject"),
    _to("channels", "channel_id"),
    _text("message"),
    _text("content_hash"),
    sa.Column("posted_at", Instant, nullable=False),
    sa.UniqueConstraint("subject", "channel_id"),
)

mailboxes = sa.Table(
    "mailboxes",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    # When the next mail may leave: all workers together keep to the mail server's pace.
    sa.Column("free_at", Instant),
    # The mail server's own mark of how far the inbox has been read.
    sa.Column("read_up_to", sa.Text),
)

slots = sa.Table(
    "slots",
    metadata,
    # The job and its scheduled instant: two clocks, or one hour that comes twice, run it once.
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("slot", Instant, primary_key=True),
    sa.Column("claimed_at", Instant, nullable=False),
)

interactions = sa.Table(
    "interactions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
)

# -- Audit -------------------------------------------------------------------------------------

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    # 'staff:7', 'system:screening' or 'student:12': ids only, so that erasure breaks nothing.
    _text("actor"),
    _text("action"),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("details", sa.JSON, nullable=False),
    _text("hash"),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    _text("hash"),
    # Tells a process that was given another key, before it can break the chain.
    sa.Column("key_print", sa.Text),
)

# -- The embedded workspace --------------------------------------------------------------------

sandbox_messages = sa.Table(
    "sandbox_messages",
    metadata,
    _id(),
    _text("channel"),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("thread", sa.BigInteger),
    _text("author"),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("posted_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # Grows with every change anywhere, so that a page can ask "what is new since?".
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sa.Index("ix_sandbox_messages_channel", "channel", "id"),
)

# -- Microsoft Teams ---------------------------------------------------------------------------

teams_tenants = sa.Table(
    "teams_tenants",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    # Where Teams answers for this tenant, as the newest authentic activity said.
    _text("service_url"),
    sa.Column("seen_at", Instant, nullable=False),
)

closed_channels = sa.Table(
    "closed_channels",
    metadata,
    # A channel that is no longer private gets no cards, until somebody has looked at it.
    sa.Column("channel_id", sa.ForeignKey("channels.id"), primary_key=True),
    _text("why"),
    sa.Column("at", Instant, nullable=False),
)

teams_students = sa.Table(
    "teams_students",
    metadata,
    # The account that first asked as this student. An address that is given to somebody else
    # later does not bring the first one's data with it.
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("student_id", sa.ForeignKey("students.id"), nullable=False, unique=True),
)
