"""Tables of loads of feeds, flags, the queue and held days."""

from __future__ import annotations

import sqlalchemy as sa

from store.rules.model import FlagState
from store.tables.base import Instant, metadata, row_id, text, to

ingests = sa.Table(
    "ingests",
    metadata,
    row_id(),
    text("source"),
    text("file"),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    # Why nothing in the file could be used; '' where something could.
    text("trouble", default=""),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    row_id(),
    to("ingests", "ingest_id"),
    text("file"),
    sa.Column("line", sa.Integer, nullable=False),
    text("reason"),
)

holds = sa.Table(
    "holds",
    metadata,
    # A day that flagged too many of a module at once: a question about the data, for its organiser.
    row_id(),
    to("schools", "school_id"),
    text("module"),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("flagged", sa.Integer, nullable=False),
    sa.Column("cohort", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # 'released' or 'dismissed'; NULL: no one has decided yet.
    sa.Column("decision", sa.Text),
    to("staff", "decided_by", null=True, index=False),
    text("why", default=""),
    sa.Column("decided_at", Instant),
    sa.UniqueConstraint("school_id", "module", "day"),
)

flags = sa.Table(
    "flags",
    metadata,
    row_id(),
    to("students", "student_id"),
    to("schools", "school_id"),
    # NULL while its student waits for room, or while it is held.
    to("cases", "case_id", null=True),
    # The hold of its day, until released; a dismissed flag stays held.
    to("holds", "hold_id", null=True),
    # The version that raised it, which never changes.
    to("policies", "policy_id"),
    # The version by whose sources and thresholds its words and figures stand; NULL: the same.
    to("policies", "worded_policy_id", null=True, index=False),
    text("key"),
    text("rule"),
    text("family"),
    sa.Column("module", sa.Text),
    text("state"),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("last_found_on", sa.Date, nullable=False),
    # Days in between on which it was not found, as ISO dates.
    sa.Column("missed_on", sa.JSON, nullable=False),
    # The day on which the student was back for long enough; NULL: they are not, or the flag ended
    # for another reason.
    sa.Column("cleared_on", sa.Date),
    # Why it ended: a FlagEnd. NULL: it is active, or ended before reasons were recorded.
    sa.Column("ended", sa.Text),
    # The screened day that ended it. NULL: it is active, or no screening decided it.
    sa.Column("ended_on", sa.Date),
    text("reason_staff"),
    text("reason_student"),
    text("source"),
    sa.Column("fresh", sa.Date, nullable=False),
    # The last day on which the student was seen in what the flag judges; NULL: on none, or the flag
    # was last written before this was kept.
    sa.Column("seen_on", sa.Date),
    sa.Column("measured", sa.JSON, nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
    # When later data last corrected the figures of the flag, which continues; NULL: never. Only
    # known where an email that states them was not sent yet.
    sa.Column("corrected_at", Instant),
)
sa.Index("ix_flags_school_state", flags.c.school_id, flags.c.state, flags.c.last_found_on)
# A flag's run cannot be raised twice, even where two workers screen at the same time.
sa.Index(
    "uq_flags_one_active",
    flags.c.student_id,
    flags.c.school_id,
    flags.c.key,
    unique=True,
    sqlite_where=sa.text("state = 'active'"),
    postgresql_where=sa.text("state = 'active'"),
)
# As text, not as a parameter: only then does a database know that the index above serves. SQLite
# would otherwise plan the whole statement again, each time that it runs.
ACTIVE = sa.literal_column(f"'{FlagState.ACTIVE}'", sa.Text)
FLAG_IS_ACTIVE = flags.c.state == ACTIVE

waiting = sa.Table(
    "waiting",
    metadata,
    # Students that the newest screening flagged without room for a case yet.
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True),
    # The home school, whose room it is.
    to("schools", "school_id"),
    sa.Column("since", sa.Date, nullable=False),
    # Their rank by evidence on that day: only an order, never a score.
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)

worth_a_look = sa.Table(
    "worth_a_look",
    metadata,
    # Students worth a look, of each school's newest screening alone: no flag, no case.
    row_id(),
    to("students", "student_id"),
    # The module's school, which found it.
    to("schools", "school_id"),
    sa.Column("day", sa.Date, nullable=False),
    # A LookKind.
    text("kind"),
    text("module"),
    text("item"),
    sa.Column("due", sa.Date, nullable=False),
    # The days without a sign of the student that the policy asks for.
    sa.Column("unseen_days", sa.Integer, nullable=False),
    text("reason_staff"),
    text("reason_student"),
    text("source"),
    sa.Column("fresh", sa.Date, nullable=False),
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
