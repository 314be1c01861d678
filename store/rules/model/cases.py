"""Where a case stands, what colleagues say and do about it, and how it ends."""

from __future__ import annotations

from store.rules.model.labelled import Word


class CaseStatus(Word):
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


class Opinion(Word):
    """What a colleague thinks should happen, given before any intervention (paragraph 13)."""

    CONTACT_NOW = "contact-now"
    WAIT = "wait"
    NOT_APPROPRIATE = "not-appropriate"
    EXEMPTION = "exemption"
    DATA_QUESTION = "data-question"


class InterventionKind(Word):
    """Something a named person did for the student."""

    MEETING = "meeting"
    CALL = "call"
    RESOURCE = "resource"
    REFERRAL = "referral"
    ADJUSTMENT = "adjustment"
    NOTE = "note"


class Outcome(Word):
    """How a case ended (paragraph 11). Every closed case has one."""

    MEETING_HELD = "meeting-held"
    RESOURCE_POINTED_TO = "resource-pointed-to"
    REFERRAL_AGREED = "referral-agreed"
    RE_ENGAGED = "re-engaged"
    CIRCUMSTANCES_KNOWN = "circumstances-known"
    DATA_ERROR = "data-error"
    NO_LONGER_ENROLLED = "no-longer-enrolled"


class Help(Word):
    """What helped, as the person who closes a case sees it (paragraph 11)."""

    CONVERSATION = "conversation"
    STUDY_ADVICE = "study-advice"
    RESOURCE = "resource"
    SERVICE = "service"
    ADJUSTMENT = "adjustment"
    TIME = "time"
    NOTHING_NEEDED = "nothing-needed"
    NOT_KNOWN = "not-known"


class Usefulness(Word):
    """Whether the flags of a case were of use; the rules' report is made of these."""

    TRUE_CONCERN = "true-concern"
    KNOWN_CIRCUMSTANCES = "known-circumstances"
    DATA_ERROR = "data-error"
    NOT_USEFUL = "not-useful"


class ExemptionKind(Word):
    """Why silence means nothing for a while."""

    APPROVED_ABSENCE = "approved-absence"
    PLACEMENT = "placement"
    INTERRUPTION = "interruption"
    CIRCUMSTANCES_KNOWN = "circumstances-known"
    DECEASED = "deceased"
    """Absolutely no contact, ever."""


class FitnessDecision(Word):
    """What the lead decided on a recommendation of the Fitness to Study procedure."""

    INVOKE = "invoke"
    NOT_NOW = "not-now"
