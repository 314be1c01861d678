"""What colleagues are told, and what waits in the outbox."""

from __future__ import annotations

from enum import StrEnum

from store.rules.model.labelled import Word


class NoticeKind(Word):
    """What a colleague is told privately, in a message of their own."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    SAID = "said"
    """A student said something for themselves: by a link in a mail, their page or a chat."""
    READ_NOW = "read-now"
    """A student has written what a person has to read at once, at any hour."""
    BOUNCED = "bounced"
    DOUBTFUL = "doubtful"
    """A message came that may be an answer: a colleague reads it and decides."""
    EMERGENCY = "emergency"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    ALERT = "alert"
    ACKNOWLEDGED = "acknowledged"
    COMPLAINT = "complaint"
    RESOLVE = "resolve"
    """A complaint that no lead of the school can resolve is theirs to resolve."""
    REVIEW = "review"
    """The same of a use of the welfare route that waits for its review."""
    FITNESS = "fitness"
    UNANSWERED = "unanswered"
    """A case was closed while its student waits for an answer to what they say is wrong."""
    RETURNED = "returned"
    """A draft of theirs was sent back."""
    NOT_SENT = "not-sent"
    """A mail that they approved has not left."""
    PREPARED = "prepared"
    """The wait for an answer is over, and the next mail is drafted for them."""
    DEATH = "death"
    """A colleague reported that the student has died; a second one confirms or corrects it."""
    DEATH_TAKEN_BACK = "death-taken-back"
    RESUMED = "resumed"
    DIGEST = "digest"
    WEEK = "week"
    HELD = "held"
    """A day flagged so many of a module at once that it is a question about the data."""
    CHANNEL = "channel"
    """A channel of the school is no longer private."""
    ERASED = "erased"
    """For the data protection officer: what an erasure reached, and what it could not."""
    TROUBLE = "trouble"
    """Something from outside cannot be read, posted or sent until a person repairs it."""


class TroubleKind(StrEnum):
    """What could not be done with one thing from outside."""

    MAILBOX = "mailbox"
    """A school's mailbox cannot be read."""
    MESSAGE = "message"
    """One message that arrived there cannot be read or recorded."""
    SENDING = "sending"
    """Approved emails of a mailbox wait."""
    CHANNEL = "channel"
    """Cards and digests of a school wait, or one case's card was refused for good."""
    COLLEAGUE = "colleague"
    """Private messages to colleagues of a school wait, or one was refused for good."""
    WATCH = "watch"
    """Lantern cannot see who is in a channel."""
    DRAFT = "draft"
    """A draft that must not be sent any more still lies in a mailbox."""
    ERASURE = "erasure"
    """Something of an erased student cannot be deleted yet."""
    FILE = "file"
    """A file of a feed cannot be loaded."""
    SCHOOL = "school"
    """A school's nightly or morning work failed."""
    CASE = "case"
    """One case could not be worked on in a school's nightly or morning work."""
    JOB = "job"
    """A part of the regular work failed."""


class OutboxKind(StrEnum):
    """What an outbox row asks the outside world to do."""

    CARD = "card"
    DIGEST = "digest"
    MAIL = "mail"
    NOTICE = "notice"
    LINE = "line"
    ERASURE = "erasure"
    """Something of a student who was erased that is not in the tables: to be deleted there."""


class OutboxState(StrEnum):
    """Where an outbox row stands. ``UNKNOWN`` waits for a human and is never retried."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
