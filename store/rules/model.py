"""The words of engagement casework, as frozen records and enumerations.

event → marker → flag → case → view → intervention → outreach → outcome.

A *day* is always a calendar date in the institution's time zone; an *instant* is an aware
``datetime`` in UTC. Students are known here by their internal number only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class _Word(StrEnum):
    """A value with a label, which is how it reads in a sentence."""

    @property
    def label(self) -> str:
        """The value in words: ``in-contact`` reads ``in contact``."""
        return self.value.replace("-", " ")


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
    BOUNCED = "bounced"
    EMERGENCY = "emergency"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    ALERT = "alert"
    ACKNOWLEDGED = "acknowledged"
    COMPLAINT = "complaint"
    FITNESS = "fitness"
    RETURNED = "returned"
    """A draft of theirs was sent back."""
    RESUMED = "resumed"
    DIGEST = "digest"
    WEEK = "week"
    CHANNEL = "channel"
    """A channel of the school is no longer private."""


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


class OutboxState(StrEnum):
    """Where an outbox row stands. ``UNKNOWN`` waits for a human and is never retried."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class MissedItem:
    """An assessment that was expected and for which nothing has arrived."""

    module: str
    item: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class Measure:
    """What one marker family shows of one student in one module, as known on a day.

    All counts look back from the screened day, inclusive. ``last_done`` is ``None`` where
    nothing was ever seen in the window. Source: one row of ``measures.sql``.
    """

    student: int
    module: str
    family: MarkerFamily
    source: str
    fresh: dt.date
    """The newest day for which this source has delivered anything."""
    last_done: dt.date | None
    active_days_28: int
    expected_28: int
    done_28: int
    missed: tuple[MissedItem, ...] = ()
    since: dt.date | None = None
    """The first day of the enrolment on this module."""
    weeks: tuple[int, ...] = ()
    """Active days in each of the last eight weeks, oldest first (0 to 7 each). Empty for
    families that are not compared with the class week by week."""
    class_weeks: tuple[float, ...] = ()
    """The mean of everyone on the module in the same weeks."""
    absences: int = 0
    """Days with sessions in a row, the last one included, on which nothing was attended."""
    work_due: int = 0
    """Pieces of work due before the screened day, in the window, that the class has handed in."""
    days_late: int = 0
    """Days from due day to hand-in, added up; what is missing counts up to yesterday. Early work
    is on time and no more: nobody owes being early, and one early piece does not make up for
    another that is missing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one school knows of one student on one day: its measures, and the weekly trend.

    ``measures`` are those of the school's own modules. ``elsewhere`` are those of other schools'
    modules: the home school counts them before it calls a student silent (paragraph 24).
    """

    student: int
    measures: tuple[Measure, ...]
    weeks: tuple[int, ...] = ()
    """Active days in each of the last eight weeks, oldest first (0 to 7 each)."""
    enrolled_since: dt.date | None = None
    """The first day of the oldest enrolment that is open; silence is counted from here at most."""
    elsewhere: tuple[Measure, ...] = ()
    at_home: bool = True
    """Whether the school is the student's home school."""


SOURCES_APART = ", "
"""What stands between the sources of one finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired for a student: the flag before it is stored."""

    student: int
    rule: str
    family: MarkerFamily
    module: str | None
    subject: str
    """What distinguishes this flag from others of the rule, e.g. the assessment. May be ''."""
    reason_staff: str
    reason_student: str
    source: str
    fresh: dt.date
    measured: Mapping[str, str | int | float] = field(default_factory=dict)
    """The figures behind the reason; what a colleague may check."""

    @property
    def key(self) -> str:
        """Identifies the flag among all flags of this student."""
        return "|".join((self.rule, self.module or "", self.subject))
