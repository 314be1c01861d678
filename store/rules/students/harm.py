"""Words about a student that may do serious harm in a copy for them: where they can stand.

The officer decides on each (Data Protection Act 2018, schedules 2 and 3): none is left out of a
copy, or put in, without a decision.
"""

from __future__ import annotations

from enum import StrEnum

HELD_BACK = "(The data protection officer decides whether this is given: it may do serious harm.)"
WITHHELD = "(Withheld by the data protection officer, since it may do serious harm.)"
LEAST_COPIED = 20
"""Characters. Words so long are held back wherever they are repeated, as in saved evidence."""


class HarmPlace(StrEnum):
    """A kind of record with words that can be marked: the name of its table."""

    VIEW = "views"
    NOTE = "interventions"
    REMARK = "remarks"
    ATTEMPT = "attempts"
    REFERRAL = "referrals"
    ANSWER = "replies"

    @property
    def label(self) -> str:
        """Return it as a list names it."""
        return _LABELS[self]


_LABELS = {
    HarmPlace.VIEW: "View",
    HarmPlace.NOTE: "Note or contact",
    HarmPlace.REMARK: "Reply below the card",
    HarmPlace.ATTEMPT: "Attempt to reach the student",
    HarmPlace.REFERRAL: "Referral",
    HarmPlace.ANSWER: "The student's answer",
}
