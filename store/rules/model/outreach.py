"""Reaching a student: what for, by which rung, how far a message is, and what came of it."""

from __future__ import annotations

from store.rules.model.labelled import Word


class Purpose(Word):
    """Why a student is contacted. A complaint or a pause stops the first, never the second."""

    ENGAGEMENT = "engagement"
    WELFARE = "welfare"


class Rung(Word):
    """One step of the contact ladder (paragraph 15); its order is the school's."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    PHONE = "phone"
    DIGITAL_TRACES = "digital-traces"


class AttemptResult(Word):
    """What came of one attempt to reach the student (paragraph 15)."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    LEFT_A_MESSAGE = "left-a-message"
    BOUNCED = "bounced"
    WRONG_NUMBER = "wrong-number"
    NOTHING_SEEN = "nothing-seen"
    """Of a look at digital traces: there were none."""
    TRACES_SEEN = "traces-seen"
    NOT_MEASURED = "not-measured"
    """Of such a look: nothing was seen, but on some school days there was no data to look at."""


class OutreachStatus(Word):
    """A message to the student, from first words to delivery."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    BOUNCED = "bounced"
    """It left and came back. The student has not had it, so it is no contact (paragraph 15)."""
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class AnswerKind(Word):
    """What came back. Only an ``ANSWER`` is one: the others are no contact."""

    ANSWER = "answer"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    DOUBTFUL = "doubtful"
    """It may be an answer. A colleague reads it and decides."""
    UNRELATED = "unrelated"
    """A colleague decided that it has nothing to do with the case. Its words were removed."""


class Doubt(Word):
    """Why a message is ``DOUBTFUL``. The value is stored."""

    AUTOMATIC = "automatic"
    """It may be an automatic reply."""
    NO_REPLY = "no-reply"
    """It came from the student's address and answers no email of ours."""
    SENDER = "sender"
    """It answers our email, and came from another student's address."""
    SEVERAL = "several"
    """It belongs to a conversation with several students."""
