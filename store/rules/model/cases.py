"""The status of a case, colleagues' views and actions on it, and its outcome."""

from __future__ import annotations

from store.rules.model.labelled import Word


class CaseStatus(Word):
    """The status of a case. ``lifecycle`` has the transitions."""

    OPEN = "open"
    DISCUSSING = "discussing"
    AGREED = "agreed"
    IN_CONTACT = "in-contact"
    RESPONDED = "responded"
    RE_ENGAGING = "re-engaging"
    """The flags have cleared; colleagues watch that they stay so."""
    PAUSED = "paused"
    """Paused until a day, for a reason. No emails about engagement are sent meanwhile."""
    REFERRED = "referred"
    """With a service, or recommended for another procedure, and waiting for its answer."""
    HANDED_OVER = "handed-over"
    """Given to another home school, which has not acknowledged it yet."""
    CLOSED = "closed"
    MERGED = "merged"
    """Continued as another case of the same student."""


ENDED_CASES = frozenset({CaseStatus.CLOSED, CaseStatus.MERGED})
"""The statuses that any number of a student's cases may have, besides one other case."""


class Opinion(Word):
    """A colleague's view on what should happen, given before any intervention (paragraph 13)."""

    CONTACT_NOW = "contact-now"
    WAIT = "wait"
    NOT_APPROPRIATE = "not-appropriate"
    EXEMPTION = "exemption"
    DATA_QUESTION = "data-question"


class InterventionKind(Word):
    """What a named person did for the student."""

    MEETING = "meeting"
    CALL = "call"
    RESOURCE = "resource"
    REFERRAL = "referral"
    ADJUSTMENT = "adjustment"
    NOTE = "note"


WITH_THE_STUDENT = frozenset({InterventionKind.MEETING, InterventionKind.CALL})
"""The kinds of record that are a contact, unless the student was not there."""


class Outcome(Word):
    """The outcome of a case (paragraph 11). Every closed case has one."""

    MEETING_HELD = "meeting-held"
    RESOURCE_POINTED_TO = "resource-pointed-to"
    REFERRAL_AGREED = "referral-agreed"
    RE_ENGAGED = "re-engaged"
    CIRCUMSTANCES_KNOWN = "circumstances-known"
    DATA_ERROR = "data-error"
    NO_LONGER_ENROLLED = "no-longer-enrolled"


class Help(Word):
    """What helped, in the view of the person who closes a case (paragraph 11)."""

    CONVERSATION = "conversation"
    STUDY_ADVICE = "study-advice"
    RESOURCE = "resource"
    SERVICE = "service"
    ADJUSTMENT = "adjustment"
    TIME = "time"
    NOTHING_NEEDED = "nothing-needed"
    NOT_KNOWN = "not-known"


class Usefulness(Word):
    """Whether a case was useful; the report on the rules is made of these."""

    TRUE_CONCERN = "true-concern"
    KNOWN_CIRCUMSTANCES = "known-circumstances"
    DATA_ERROR = "data-error"
    NOT_USEFUL = "not-useful"


class ExemptionKind(Word):
    """The reason why a student's inactivity does not count for a time."""

    APPROVED_ABSENCE = "approved-absence"
    PLACEMENT = "placement"
    INTERRUPTION = "interruption"
    CIRCUMSTANCES_KNOWN = "circumstances-known"
    DECEASED = "deceased"
    """Absolutely no contact, ever."""


class FitnessDecision(Word):
    """The lead's decision on a recommendation of the Fitness to Study procedure."""

    INVOKE = "invoke"
    NOT_NOW = "not-now"
