"""Tables of emails, answers, the outbox, posted messages and delivery state."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text, to

outreach = sa.Table(
    "outreach",
    metadata,
    row_id(),
    to("cases", "case_id"),
    text("rung"),
    text("status"),
    to("staff", "drafter_id"),
    # Everyone who edited it: their views do not count as another colleague's.
    sa.Column("writers", sa.JSON, nullable=False),
    text("sender"),
    text("recipient"),
    text("subject"),
    text("body"),
    # The student's links, as they stand under the body.
    sa.Column("footer", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("version", sa.Integer, nullable=False),
    to("staff", "opened_by", null=True, index=False),
    sa.Column("opened_hash", sa.Text),
    to("staff", "approver_id", null=True, index=False),
    sa.Column("approved_at", Instant),
    sa.Column("body_hash", sa.Text),
    sa.Column(
        "purpose", sa.Text, nullable=False, default="engagement", server_default="engagement"
    ),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    # Why an approver sent the draft back, until it is written again; and who did.
    sa.Column("returned", sa.Text, nullable=False, default="", server_default=""),
    to("staff", "returned_by", null=True, index=False),
    # What the mail server calls the conversation, and the email itself: answers are matched by
    # them. The second is NULL in emails from before it was kept.
    sa.Column("conversation", sa.Text, index=True),
    sa.Column("message_id", sa.Text, index=True),
    sa.Column("language", sa.Text, nullable=False, default="en", server_default="en"),
    # Whether Lantern wrote it for the owner, when the wait for an answer was over.
    sa.Column("prepared", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    # What it rested on when it was written, and when it was opened to be approved: ``Basis``.
    sa.Column("drafted_on", sa.JSON(none_as_null=True)),
    sa.Column("opened_on", sa.JSON(none_as_null=True)),
    # Why it was approved and not sent; names no one.
    sa.Column("not_sent", sa.Text, nullable=False, default="", server_default=""),
    # The meeting that the approver offers with it, if any.
    sa.Column("meeting", sa.JSON(none_as_null=True)),
    # Which words it began with, for the figures: the ``LetterKind``, whether they were the
    # school's own, and by which policy. NULL in emails from before this was kept.
    sa.Column("letter", sa.Text),
    sa.Column("own_words", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    to("policies", "policy_id", null=True, index=False),
)

wordings = sa.Table(
    "wordings",
    metadata,
    row_id(),
    to("outreach", "outreach_id"),
    # The author of this wording; NULL: Lantern.
    to("staff", "author_id", null=True, index=False),
    text("subject"),
    text("body"),
    sa.Column("at", Instant, nullable=False),
)

replies = sa.Table(
    "replies",
    metadata,
    row_id(),
    to("cases", "case_id"),
    to("outreach", "outreach_id"),
    # The mail server's own id: an answer that is read twice is recorded once.
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    # Only the kind 'answer' is an answer; bounces and automatic replies are stored too.
    sa.Column("kind", sa.Text, nullable=False, server_default="answer"),
    # Why a colleague has, or had, to decide whether it is an answer: ``Doubt``; '' for no reason.
    sa.Column("doubt", sa.Text, nullable=False, default="", server_default=""),
    # Sealed: only with the key can it be read.
    text("body"),
    sa.Column("received_at", Instant, nullable=False),
)

automatic_replies = sa.Table(
    "automatic_replies",
    metadata,
    row_id(),
    to("cases", "case_id"),
    # Our email whose answer it replies to.
    to("outreach", "outreach_id", index=False),
    # The institution's day: one a day at most.
    sa.Column("day", sa.Date, nullable=False),
    text("language"),
    text("sender"),
    text("recipient"),
    text("subject"),
    text("body"),
    # The ids of the messages that it follows, oldest first.
    sa.Column("thread", sa.JSON, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    # Why it was not sent; names no one.
    sa.Column("not_sent", sa.Text, nullable=False, default="", server_default=""),
    # Answers to it are matched by them, as those to an email are.
    sa.Column("conversation", sa.Text, index=True),
    sa.Column("message_id", sa.Text, index=True),
    sa.UniqueConstraint("case_id", "day"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    row_id(),
    sa.Column("idem_key", sa.Text, nullable=False, unique=True),
    text("kind"),
    to("cases", "case_id", null=True),
    to("outreach", "outreach_id", null=True, index=False),
    to("notices", "notice_id", null=True, index=False),
    to("schools", "school_id"),
    sa.Column("day", sa.Date),
    text("state"),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("lease_by", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    # The email's draft at the mail server: the first writer wins, and only that one is ever sent.
    sa.Column("provider_ref", sa.Text),
    # Since when the result of a request to the mail server is unknown; NULL: no such request.
    sa.Column("unresolved_since", Instant),
    # The share, 0 to 1, of the time without success after which a person is asked.
    sa.Column("patience_used", sa.Float, nullable=False, default=0, server_default="0"),
    sa.Column("trouble", sa.Text),
    # Since when it waits for a person to repair something; NULL: it does not.
    sa.Column("waiting_since", Instant),
    sa.Column("settled_at", Instant),
)
sa.Index("ix_outbox_state_not_before", outbox.c.state, outbox.c.not_before)

posts = sa.Table(
    "posts",
    metadata,
    row_id(),
    # 'case:<id>', 'digest:<school>:<day>' or 'report:<school>:<day>': what the message shows.
    # 'case:<id>:<message>': where an earlier card of the case stood, below which colleagues may
    # have answered.
    text("subject"),
    to("channels", "channel_id"),
    text("message"),
    text("content_hash"),
    sa.Column("posted_at", Instant, nullable=False),
    sa.UniqueConstraint("subject", "channel_id"),
)

pictures = sa.Table(
    "pictures",
    metadata,
    row_id(),
    to("cases", "case_id"),
    text("platform"),
    text("tenant"),
    # The platform's id of the file: known before the upload is complete, so that a file is always
    # found again, whenever a worker dies.
    text("file"),
    # A digest of the chart that it shows.
    text("shows"),
    sa.Column("begun_at", Instant, nullable=False),
    # Since when the platform holds it whole; NULL: its upload is not known to be complete.
    sa.Column("ready_at", Instant),
    # How often the platform refused a card with it.
    sa.Column("refusals", sa.Integer, nullable=False, default=0, server_default="0"),
    # Since when no card shows it any more: it is to be deleted.
    sa.Column("over_at", Instant),
    sa.UniqueConstraint("case_id", "platform", "tenant", "shows"),
)

thread_lines = sa.Table(
    "thread_lines",
    metadata,
    row_id(),
    # What is said below a case's card, once for a key. Its readers are looked up when it is said.
    to("cases", "case_id"),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    text("kind"),
    # Who caused the event, and is not told of it; NULL: no colleague.
    to("staff", "by_staff_id", null=True, index=False),
    # What it is about beside the case: the id of a saying, an email, an alert, a new owner.
    sa.Column("about", sa.BigInteger),
    sa.Column("at", Instant, nullable=False),
)

line_posts = sa.Table(
    "line_posts",
    metadata,
    row_id(),
    to("thread_lines", "line_id", index=False),
    to("cases", "case_id"),
    to("channels", "channel_id"),
    text("message"),
    # 'said', or its state in a channel that was closed, as in posts.
    sa.Column("content_hash", sa.Text, nullable=False, default="said", server_default="said"),
    sa.Column("posted_at", Instant, nullable=False),
    sa.UniqueConstraint("line_id", "channel_id"),
)

mailboxes = sa.Table(
    "mailboxes",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    # When the next email may be sent: all workers together keep to the mail server's limit.
    sa.Column("free_at", Instant),
    # The mail server's own marker of how far the inbox has been read.
    sa.Column("read_up_to", sa.Text),
)

turns = sa.Table(
    "turns",
    metadata,
    # A conversation, and when its next message may be sent, across all workers.
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("free_at", Instant, nullable=False),
)

begun = sa.Table(
    "begun",
    metadata,
    # A message that is about to be posted, by its place and a digest of its key.
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
)

slots = sa.Table(
    "slots",
    metadata,
    # The job and its scheduled instant: two clocks, or one hour that comes twice, run it once.
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("slot", Instant, primary_key=True),
    sa.Column("claimed_at", Instant, nullable=False),
    # The last heartbeat of the job that runs in the slot; NULL: none yet.
    sa.Column("alive_at", Instant),
)

troubles = sa.Table(
    "troubles",
    metadata,
    row_id(),
    # A failure outside Lantern, until it works again: a ``TroubleKind``, and the id of the thing
    # within its kind. Neither names a person.
    text("kind"),
    text("key"),
    to("schools", "school_id", null=True),
    to("cases", "case_id", null=True),
    # A sentence: what happened, and what to do.
    text("reason"),
    # Of a message that could not be read or recorded: its conversation, and when it arrived.
    sa.Column("conversation", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("arrived_at", Instant),
    sa.Column("since", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    # It is not retried until then; the pauses grow.
    sa.Column("again_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    # When the lead and the operator were told; NULL: not yet. They are told once of each cause.
    sa.Column("told_at", Instant),
    # The cause that they were told last; '' before.
    sa.Column("told_of", sa.Text, nullable=False, default="", server_default=""),
    # Since when the reason is what it is; NULL in rows from before this was kept.
    sa.Column("reason_since", Instant),
    sa.UniqueConstraint("kind", "key"),
)

interactions = sa.Table(
    "interactions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
)
