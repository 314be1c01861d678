"""The kinds of notices to colleagues, and of rows in the outbox."""

from __future__ import annotations

from enum import StrEnum

from store.rules.model.labelled import Word


class NoticeKind(Word):
    """The subject of a private message to a colleague."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    SAID = "said"
    """A student sent a message: by a link in an email, their page or a chat."""
    READ_NOW = "read-now"
    """A student sent an urgent message, which a person has to read at any hour."""
    BOUNCED = "bounced"
    DOUBTFUL = "doubtful"
    """A message came that may be an answer: a colleague reads it and decides."""
    EMERGENCY = "emergency"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    ALERT = "alert"
    ALERT_NOW = "alert-now"
    """An alert whose words may speak of danger to life, which a person has to read at any hour."""
    ACKNOWLEDGED = "acknowledged"
    COMPLAINT = "complaint"
    RESOLVE = "resolve"
    """A complaint that no lead of the school can resolve, for the person who can."""
    REVIEW = "review"
    """A use of the welfare route that no lead of the school can review, for the person who can."""
    FITNESS = "fitness"
    UNANSWERED = "unanswered"
    """A case was closed while its student waits for an answer about a mistake."""
    RETURNED = "returned"
    """The drafter's draft was returned."""
    NOT_SENT = "not-sent"
    """An email that the person approved was not sent."""
    PREPARED = "prepared"
    """The wait for an answer is over, and the next email is drafted for the person."""
    DEATH = "death"
    """A colleague reported that the student has died; a second one confirms or corrects it."""
    DEATH_TAKEN_BACK = "death-taken-back"
    DEATH_DOUBTED = "death-doubted"
    """The roster no longer says that a student has died whose death a colleague confirmed."""
    CORRECTED = "corrected"
    """Later data corrected what an email told the student."""
    STANDS_AGAIN = "stands-again"
    """That correction was withdrawn: what the email told the student stands after all."""
    ANCHOR = "anchor"
    """The audit's end, for the data protection officer to keep outside the database."""
    RESUMED = "resumed"
    COVER_ENDED = "cover-ended"
    """A colleague no longer covers for another."""
    DIGEST = "digest"
    WEEK = "week"
    HELD = "held"
    """Many students of a module were flagged on one day: a question about the data."""
    CHANNEL = "channel"
    """A channel of the school is no longer private."""
    ERASED = "erased"
    """For the data protection officer: what an erasure deleted, and what it could not."""
    DATA_REQUEST = "data-request"
    """For the data protection officer: a student asked for their data, complained or answered."""
    DATA_NOW = "data-now"
    """For the data protection officer: words about data may speak of danger to life."""
    DATA_MAIL = "data-mail"
    """For the data protection officer: an email about a request came back, or was answered to the
    school's mailbox."""
    DATA_DUE = "data-due"
    """For the data protection officer: the open requests, where one is due soon or overdue."""
    TROUBLE = "trouble"
    """A problem outside Lantern that stops reading, posting or sending until it is repaired."""
    TROUBLE_OVER = "trouble-over"
    """A problem that the person was told of has ended."""


class TroubleKind(StrEnum):
    """The kind of a problem outside Lantern."""

    MAILBOX = "mailbox"
    """A school's mailbox cannot be read."""
    MESSAGE = "message"
    """One message that arrived there cannot be read or recorded."""
    SENDING = "sending"
    """Approved emails of a mailbox wait."""
    CHANNEL = "channel"
    """Cards and digests of a school wait, or one case's card was refused permanently."""
    COLLEAGUE = "colleague"
    """Private messages to colleagues of a school wait, or one was refused permanently."""
    WATCH = "watch"
    """Lantern cannot see who is in a channel."""
    DRAFT = "draft"
    """A draft that must not be sent is still in a mailbox."""
    ERASURE = "erasure"
    """Something of an erased student cannot be deleted yet."""
    RETENTION = "retention"
    """Something past its retention period cannot be deleted yet."""
    FILE = "file"
    """A file of a feed cannot be loaded, or a source is late, thin, refused or waits."""
    SCHOOL = "school"
    """A school's nightly or morning work failed."""
    CASE = "case"
    """One case failed in a school's nightly or morning work."""
    JOB = "job"
    """A part of the regular work failed."""


class OutboxKind(StrEnum):
    """What an outbox row does outside Lantern."""

    CARD = "card"
    DIGEST = "digest"
    MAIL = "mail"
    NOTICE = "notice"
    LINE = "line"
    PICTURE = "picture"
    """Hand the picture of a card's chart to a platform, or delete one that no card shows."""
    AUTOMATIC_REPLY = "automatic-reply"
    """Tell a student at once that their answer has arrived, and which contacts there are."""
    DATA_LETTER = "data-letter"
    """Tell a student of a step about their request for a copy, or their complaint about data."""
    ERASURE = "erasure"
    """Delete something of an erased student that is not in the database."""


EMAILS = frozenset({OutboxKind.MAIL, OutboxKind.AUTOMATIC_REPLY, OutboxKind.DATA_LETTER})
"""The kinds that are sent from a school's mailbox."""


class OutboxState(StrEnum):
    """The state of an outbox row.

    ``UNKNOWN`` waits for a person: nothing more is sent, and the worker only keeps checking what
    happened to it.
    """

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
