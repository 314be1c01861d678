"""Contact with a student: purposes, steps, the state of a message, and results."""

from __future__ import annotations

from store.rules.model.labelled import Word


class Purpose(Word):
    """The purpose of contact. A complaint or a pause stops engagement, never welfare."""

    ENGAGEMENT = "engagement"
    WELFARE = "welfare"


class Rung(Word):
    """One step of the contact ladder (paragraph 15); its order is the school's."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    PHONE = "phone"
    DIGITAL_TRACES = "digital-traces"


class AttemptResult(Word):
    """The result of one attempt to contact the student (paragraph 15)."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    LEFT_A_MESSAGE = "left-a-message"
    BOUNCED = "bounced"
    WRONG_NUMBER = "wrong-number"
    NOTHING_SEEN = "nothing-seen"
    """For a view of digital traces: there were none."""
    TRACES_SEEN = "traces-seen"
    NOT_MEASURED = "not-measured"
    """For a view of digital traces: none, but on some school days there was no data."""


class OutreachStatus(Word):
    """The state of a message to the student, from draft to delivery."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    BOUNCED = "bounced"
    """It was sent and bounced. The student has not had it, so it is no contact (paragraph 15)."""
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class AnswerKind(Word):
    """The kind of a reply. Only an ``ANSWER`` counts as contact."""

    ANSWER = "answer"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    DOUBTFUL = "doubtful"
    """It may be an answer. A colleague reads it and decides."""
    UNRELATED = "unrelated"
    """A colleague decided that it does not belong to the case. Its text was removed."""
    COPY = "copy"
    """Made by a rule of the mailbox. It is known for the sake of its erasure, and has no text."""


class Doubt(Word):
    """Why a reply is ``DOUBTFUL``. The value is stored."""

    AUTOMATIC = "automatic"
    """It may be an automatic reply."""
    NO_REPLY = "no-reply"
    """It came from the student's address but does not reply to our email."""
    SENDER = "sender"
    """It replies to our email but came from another student's address."""
    UNPROVEN = "unproven"
    """The mail server that took it could not confirm that the sender wrote it."""
    SEVERAL = "several"
    """It belongs to a conversation with several students."""
