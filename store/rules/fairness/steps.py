"""The steps from being a student to the outcome of a case, each a part of the one before."""

from __future__ import annotations

from enum import StrEnum

from store.rules.model import Outcome


class Step(StrEnum):
    """What happened to a student in a year. Each student counts once, by their first case."""

    STUDENTS = "students"
    FLAGGED = "flagged"
    CASE = "case"
    VIEWED = "viewed"
    CONTACTED = "contacted"
    ANSWERED = "answered"
    CLOSED = "closed"
    SUPPORTED = "supported"
    RE_ENGAGED = "re-engaged"
    CIRCUMSTANCES = "circumstances-known"
    DATA_ERROR = "data-error"
    LEFT = "no-longer-enrolled"

    @property
    def heading(self) -> str:
        """Return the step as a heading, and the students it is a share of."""
        return _TITLES[self]

    @property
    def sentence(self) -> str:
        """Return the step as the beginning of a sentence, before “12 in 100 of …”."""
        return _SENTENCES[self]

    @property
    def advice(self) -> str:
        """Return what to look at where groups differ in this step."""
        return _ADVICE[self]


S = Step
WITHIN: dict[Step, Step] = {
    S.FLAGGED: S.STUDENTS,
    S.CASE: S.FLAGGED,
    S.VIEWED: S.CASE,
    S.CONTACTED: S.CASE,
    S.ANSWERED: S.CONTACTED,
    S.CLOSED: S.CASE,
    S.SUPPORTED: S.CLOSED,
    S.RE_ENGAGED: S.CLOSED,
    S.CIRCUMSTANCES: S.CLOSED,
    S.DATA_ERROR: S.CLOSED,
    S.LEFT: S.CLOSED,
}
"""Step → the step of which it is a part, from the first to the last."""

ENDED: dict[Outcome, Step] = {
    Outcome.MEETING_HELD: S.SUPPORTED,
    Outcome.RESOURCE_POINTED_TO: S.SUPPORTED,
    Outcome.REFERRAL_AGREED: S.SUPPORTED,
    Outcome.RE_ENGAGED: S.RE_ENGAGED,
    Outcome.CIRCUMSTANCES_KNOWN: S.CIRCUMSTANCES,
    Outcome.DATA_ERROR: S.DATA_ERROR,
    Outcome.NO_LONGER_ENROLLED: S.LEFT,
}

_TITLES = {
    S.STUDENTS: "Students",
    S.FLAGGED: "Flagged (of all students)",
    S.CASE: "A case was opened (of students flagged)",
    S.VIEWED: "A view was asked for or given (of students with a case)",
    S.CONTACTED: "Contacted (of students with a case)",
    S.ANSWERED: "Answered or met a colleague (of students contacted)",
    S.CLOSED: "The case was closed (of students with a case)",
    S.SUPPORTED: "Ended with a meeting, resource or referral (of closed cases)",
    S.RE_ENGAGED: "Ended as re-engaged (of closed cases)",
    S.CIRCUMSTANCES: "Ended with circumstances known (of closed cases)",
    S.DATA_ERROR: "Ended as an error in the data (of closed cases)",
    S.LEFT: "Ended as no longer enrolled (of closed cases)",
}
_SENTENCES = {
    S.STUDENTS: "There were",
    S.FLAGGED: "Flags were raised for",
    S.CASE: "A case was opened for",
    S.VIEWED: "A view was asked for or given on",
    S.CONTACTED: "A colleague contacted",
    S.ANSWERED: "An answer came from",
    S.CLOSED: "The case was closed for",
    S.SUPPORTED: "A case ended with a meeting, resource or referral for",
    S.RE_ENGAGED: "A case ended as re-engaged for",
    S.CIRCUMSTANCES: "A case ended with circumstances known for",
    S.DATA_ERROR: "A case ended as an error in the data for",
    S.LEFT: "A case ended as no longer enrolled for",
}
_ADVICE = {
    S.STUDENTS: "",
    S.FLAGGED: "Look at which rule flags them, and whether its source sees how they study.",
    S.CASE: "Look at who waits for room, and how long.",
    S.VIEWED: "Look at whether these cases reach a colleague who can judge them.",
    S.CONTACTED: "Look at which cases end without contact, and why.",
    S.ANSWERED: "Look at the letters, their language and the ways by which you write.",
    S.CLOSED: "Look at which cases stay open.",
    S.SUPPORTED: "Look at what these students are offered.",
    S.RE_ENGAGED: "Look at how these students come back.",
    S.CIRCUMSTANCES: "Look at whether circumstances could be known before a flag is raised.",
    S.DATA_ERROR: "Look at the source: it may record these students less well.",
    S.LEFT: "Look at when these students were first contacted.",
}
