"""Tables of a school's arrangements: exemptions, cover, stops, notices to colleagues."""

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
    # NULL: the roster, which says that the student has died.
    to("staff", "by_staff_id", null=True, index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    # Names the group that was exempted together; NULL: this student alone.
    sa.Column("group_key", sa.Text),
)

deaths = sa.Table(
    "deaths",
    metadata,
    row_id(),
    # A report that a student has died; while it is not taken back, an exemption stops everything.
    to("students", "student_id"),
    to("schools", "school_id", index=False),
    to("cases", "case_id", index=False),
    # NULL: the roster.
    to("staff", "reported_by", null=True, index=False),
    text("known"),
    # The emails that the report stopped: ids of outreach.
    sa.Column("stopped", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # 'confirmed', 'refused' or 'undone'; NULL: a second person is still asked.
    sa.Column("decision", sa.Text),
    to("staff", "decided_by", null=True, index=False),
    text("why", default=""),
    sa.Column("decided_at", Instant),
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
    # The school whose email is stopped; NULL: every school's. And who stopped it; NULL: the command
    # line.
    to("schools", "school_id", null=True),
    to("staff", "stopped_by", null=True, index=False),
    text("why"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

policy_reviews = sa.Table(
    "policy_reviews",
    metadata,
    row_id(),
    # Who looked again at the school's thresholds, letters or fairness, and what they found.
    to("schools", "school_id"),
    text("subject"),
    text("found"),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
)

publications = sa.Table(
    "publications",
    metadata,
    row_id(),
    # How students were told of a version: by which route, where or by which person, on which day.
    to("policies", "policy_id"),
    text("route"),
    text("place"),
    sa.Column("on", sa.Date, nullable=False),
    # NULL: recorded on the command line.
    to("staff", "by_staff_id", null=True, index=False),
    sa.Column("at", Instant, nullable=False),
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
    # When the person read what they were asked to read at once.
    sa.Column("read_at", Instant),
    # What to say of a subject that is no longer there. It names no person.
    sa.Column("words", sa.Text, nullable=False, default="", server_default=""),
)


weekly_standings = sa.Table(
    "weekly_standings",
    metadata,
    # How a school stood in a week, rounded: published once, and the same for the whole week.
    sa.Column("school_id", sa.ForeignKey("schools.id"), primary_key=True),
    sa.Column("monday", sa.Date, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
)

schools = sa.Table(
    "schools",
    metadata,
    row_id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    text("name"),
    text("faculty"),
    # The last case number given out; references are per school, so that they stay short.
    sa.Column("last_case", sa.Integer, nullable=False, default=0, server_default="0"),
)

staff = sa.Table(
    "staff",
    metadata,
    row_id(),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    text("name"),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("trained_on", sa.Date),
    # Their own in the morning; reminders of what waits too long come all the same.
    sa.Column("wants_digest", sa.Boolean, nullable=False, default=True, server_default=sa.true()),
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
    to("staff", "staff_id"),
)

students = sa.Table(
    "students",
    metadata,
    row_id(),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    text("given_name"),
    text("family_name"),
    text("level"),
    text("programme"),
    to("schools", "home_school_id"),
    to("staff", "adviser_id", null=True),
    text("university_email"),
    text("personal_email"),
    # The language that the student is written to in, as a tag such as cy.
    sa.Column("language", sa.Text, nullable=False, default="en", server_default="en"),
    # Since when the student is erased: dependent rows are figures without a person.
    sa.Column("erased_at", Instant),
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
    row_id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    text("title"),
    to("schools", "school_id"),
    to("staff", "organiser_id", null=True),
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
    # A new random value for every change of data that is copied elsewhere, so that a copy can tell
    # whether it is outdated. Not a number: a new database would count from one again.
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, nullable=False),
)

channels = sa.Table(
    "channels",
    metadata,
    row_id(),
    to("schools", "school_id"),
    text("platform"),
    text("tenant"),
    text("channel"),
    text("name"),
    sa.UniqueConstraint("platform", "tenant", "channel"),
)

policies = sa.Table(
    "policies",
    metadata,
    row_id(),
    to("schools", "school_id"),
    sa.Column("version", sa.Integer, nullable=False),
    text("document"),
    text("document_hash"),
    sa.Column("effective", sa.Date, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.UniqueConstraint("school_id", "version"),
)
