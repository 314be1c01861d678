"""What a flag rests on, and whether it still speaks."""

from __future__ import annotations

from enum import StrEnum

from store.rules.model.labelled import Word


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


class FlagState(Word):
    """Whether a flag still speaks.

    ``WITHDRAWN``: a late correction disproved it, so it should never have been raised.
    ``CLEARED``: it was right, and what it saw is over.
    ``CARRIED``: its case was closed while it was active, and it continues in a later flag.
    """

    ACTIVE = "active"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"
    CARRIED = "carried"
