"""The words of engagement casework, as frozen records and enumerations.

event → marker → flag → case → view → intervention → outreach → outcome.

A *day* is always a calendar date in the institution's time zone; an *instant* is an aware
``datetime`` in UTC. Students are known here by their internal number only.
"""

from __future__ import annotations

import re
from enum import StrEnum

_BETWEEN_WORDS = re.compile(r"(?<!^re)-")


class _Word(StrEnum):
    """A value with a label, which is how it reads in a sentence."""

    @property
    def label(self) -> str:
        """The value in words: ``in-contact`` reads ``in contact``, ``re-engaged`` stays."""
        return _BETWEEN_WORDS.sub(" ", self.value)


class MarkerFamily(StrEnum):
    """One independent family of evidence. The six that the policy names (paragraph 9)."""

    ATTENDANCE = "attendance"
    SUBMISSIONS = "submissions"
    VLE = "vle"
    MEETINGS = "meetings"
    RECORDINGS = "recordings"
    COCURRICULAR = "cocurricular"

    @property
    def label(self) -> str:
        """How the family is called in a sentence."""
        return _FAMILY_LABELS[self]


_FAMILY_LABELS = {
    MarkerFamily.ATTENDANCE: "attendance",
    MarkerFamily.SUBMISSIONS: "work handed in",
    MarkerFamily.VLE: "the online learning space",
    MarkerFamily.MEETINGS: "meetings with staff",
    MarkerFamily.RECORDINGS: "recordings",
    MarkerFamily.COCURRICULAR: "co-curricular sessions",
}


class Level(_Word):
    """Level of study. ``MRES`` is apart because its scope is each school's own decision."""

    FOUNDATION = "foundation"
    UNDERGRADUATE = "undergraduate"
    POSTGRADUATE_TAUGHT = "postgraduate-taught"
    MRES = "mres"
    POSTGRADUATE_RESEARCH = "postgraduate-research"


class Role(_Word):
    """What a member of staff may be in one school."""

    STUDENT_SUPPORT_OFFICER = "student-support-officer"
    ADVISER = "adviser"
    MODULE_ORGANISER = "module-organiser"
    ENGAGEMENT_LEAD = "engagement-lead"
    FACULTY_LEAD = "faculty-lead"
    DATA_PROTECTION_OFFICER = "data-protection-officer"


class Platform(StrEnum):
    """Where a conversation takes place."""

    SLACK = "slack"
    TEAMS = "teams"
    SANDBOX = "sandbox"


class CaseStatus(_Word):
    """Where a case stands. The legal moves between these are in ``lifecycle``."""

    OPEN = "open"
    DISCUSSING = "discussing"
    AGREED = "agreed"
    IN_CONTACT = "in-contact"
    RESPONDED = "responded"
    RE_ENGAGING = "re-engaging"
    """What raised the flags is over; colleagues watch that it stays so."""
    PAUSED = "paused"
    """Rests until a day, for a reason. Nobody writes about engagement meanwhile."""
    REFERRED = "referred"
    """With a service, or recommended for another procedure; its answer is waited for."""
    HANDED_OVER = "handed-over"
    """Given to another home school, which has not acknowledged it yet."""
    CLOSED = "closed"
    MERGED = "merged"
    """Goes on in another case of the same student."""


ENDED_CASES = frozenset({CaseStatus.CLOSED, CaseStatus.MERGED})
"""A student may have any number of these, and one case besides."""


class Opinion(_Word):
    """What a colleague thinks should happen, given before any intervention (paragraph 13)."""

    CONTACT_NOW = "contact-now"
    WAIT = "wait"
    NOT_APPROPRIATE = "not-appropriate"
    EXEMPTION = "exemption"
    DATA_QUESTION = "data-question"


class InterventionKind(_Word):
    """Something a named person did for the student."""

    MEETING = "meeting"
    CALL = "call"
    RESOURCE = "resource"
    REFERRAL = "referral"
    ADJUSTMENT = "adjustment"
    NOTE = "note"


class Outcome(_Word):
    """How a case ended (paragraph 11). Every closed case has one."""

    MEETING_HELD = "meeting-held"
    RESOURCE_POINTED_TO = "resource-pointed-to"
    REFERRAL_AGREED = "referral-agreed"
    RE_ENGAGED = "re-engaged"
    CIRCUMSTANCES_KNOWN = "circumstances-known"
    DATA_ERROR = "data-error"
    NO_LONGER_ENROLLED = "no-longer-enrolled"


class Help(_Word):
    """What helped, as the person who closes a case sees it (paragraph 11)."""

    CONVERSATION = "conversation"
    STUDY_ADVICE = "study-advice"
    RESOURCE = "resource"
    SERVICE = "service"
    ADJUSTMENT = "adjustment"
    TIME = "time"
    NOTHING_NEEDED = "nothing-needed"
    NOT_KNOWN = "not-known"


class Usefulness(_Word):
    """Whether the flags of a case were of use; the rules' report is made of these."""

    TRUE_CONCERN = "true-concern"
    KNOWN_CIRCUMSTANCES = "known-circumstances"
    DATA_ERROR = "data-error"
    NOT_USEFUL = "not-useful"


class AttemptResult(_Word):
    """What came of one attempt to reach the student (paragraph 15)."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    LEFT_A_MESSAGE = "left-a-message"
    BOUNCED = "bounced"
    WRONG_NUMBER = "wrong-number"
    NOTHING_SEEN = "nothing-seen"
    """Of a look at digital traces: there were none."""
    TRACES_SEEN = "traces-seen"


class Purpose(_Word):
    """Why a student is contacted. A complaint or a pause stops the first, never the second."""

    ENGAGEMENT = "engagement"
    WELFARE = "welfare"


class ExemptionKind(_Word):
    """Why silence means nothing for a while."""

    APPROVED_ABSENCE = "approved-absence"
    PLACEMENT = "placement"
    INTERRUPTION = "interruption"
    CIRCUMSTANCES_KNOWN = "circumstances-known"
    DECEASED = "deceased"
    """Absolutely no contact, ever."""


class FitnessDecision(_Word):
    """What the lead decided on a recommendation of the Fitness to Study procedure."""

    INVOKE = "invoke"
    NOT_NOW = "not-now"


class NoticeKind(_Word):
    """What a colleague is told privately, in a message of their own."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    SAID = "said"
    """A student said something for themselves: by a link in a mail, their page or a chat."""
    BOUNCED = "bounced"
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
    RESUMED = "resumed"
    DIGEST = "digest"
    WEEK = "week"
    HELD = "held"
    """A day flagged so many of a module at once that it is a question about the data."""
    CHANNEL = "channel"
    """A channel of the school is no longer private."""
    ERASED = "erased"
    """For the data protection officer: what an erasure reached, and what it could not."""


class FlagState(_Word):
    """Whether a flag still speaks.

    ``WITHDRAWN``: a late correction disproved it, so it should never have been raised.
    ``CLEARED``: it was right, and what it saw is over.
    """

    ACTIVE = "active"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"


class OutreachStatus(_Word):
    """A message to the student, from first words to delivery."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    BOUNCED = "bounced"
    """It left and came back. The student has not had it, so it is no contact (paragraph 15)."""
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class AnswerKind(_Word):
    """What came back. Only an ``ANSWER`` was written by the student."""

    ANSWER = "answer"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"


class Rung(_Word):
    """One step of the contact ladder (paragraph 15); its order is the school's."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    PHONE = "phone"
    DIGITAL_TRACES = "digital-traces"


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
