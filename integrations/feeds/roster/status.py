"""The words of status columns, with one meaning in every kind of roster file."""

from __future__ import annotations

import re
from enum import Enum, auto


class Status(Enum):
    """What a status says of a student, or of their time on a module."""

    CURRENT = auto()
    OVER = auto()
    DIED = auto()
    """The student has died, in whichever file it stands. It ends no enrolment: it may be a
    mistake, and a colleague is asked."""


_CURRENT = (
    *("", "active", "current", "enrolled", "registered", "studying", "continuing", "live", "open"),
    *("accepted", "available", "a", "1", "true", "yes"),
)
_OVER = (
    *("withdrawn", "left", "leaver", "inactive", "completed", "cancelled", "dropped", "suspended"),
    *("interrupted", "canceled", "withdrew", "intermitting", "intermitted", "deferred", "deleted"),
    *("interrupting", "interruption", "intermission", "intercalating", "intercalated"),
    *("suspension", "sabbatical", "on leave", "leave of absence", "withdrawal", "discontinued"),
    *("tobedeleted", "removed", "closed", "concluded", "finished", "graduated", "terminated"),
    *("deregistered", "unenrolled", "unregistered", "not enrolled", "transferred", "did not start"),
    *("no show", "expelled", "w", "i", "0", "false", "no"),
)
DIED = ("deceased", "died", "dead")

_MEANING = {
    **dict.fromkeys(_CURRENT, Status.CURRENT),
    **dict.fromkeys(_OVER, Status.OVER),
    **dict.fromkeys(DIED, Status.DIED),
}

WORDS = f"{_CURRENT[1]}, {', '.join(_OVER[:8])} and {DIED[0]}"
"""The plainest of these words."""

UNKNOWN = f"status is not understood; known are {WORDS}"
"""Why a row is left out whose status is none of these words."""


def status_of(word: str) -> Status | None:
    """Return what a word of a status column means; None where it is not known."""
    return _MEANING.get(re.sub(r"[\s_-]+", " ", word.casefold()).strip())
