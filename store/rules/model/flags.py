"""The evidence of a flag, whether it is active, and why it ended."""

from __future__ import annotations

from enum import StrEnum

from store.rules.model.labelled import Word


class MarkerFamily(StrEnum):
    """An independent family of evidence, one of the six that the policy names (paragraph 9)."""

    ATTENDANCE = "attendance"
    SUBMISSIONS = "submissions"
    VLE = "vle"
    MEETINGS = "meetings"
    RECORDINGS = "recordings"
    COCURRICULAR = "cocurricular"

    @property
    def label(self) -> str:
        """Return the name of the family in a sentence."""
        return _FAMILY_LABELS[self]


_FAMILY_LABELS = {
    MarkerFamily.ATTENDANCE: "attendance",
    MarkerFamily.SUBMISSIONS: "work handed in",
    MarkerFamily.VLE: "the online learning space",
    MarkerFamily.MEETINGS: "meetings with staff",
    MarkerFamily.RECORDINGS: "recordings",
    MarkerFamily.COCURRICULAR: "co-curricular sessions",
}


OCCASIONAL = frozenset({MarkerFamily.SUBMISSIONS, MarkerFamily.MEETINGS, MarkerFamily.COCURRICULAR})
"""Families with data on few days only. A file of them often ends with its last due day or
meeting, which does not show whether the feed still works."""


class FlagState(Word):
    """Whether a flag is active.

    ``WITHDRAWN``: a late correction disproved it, so it should never have been raised. ``CLEARED``:
    it was right, and has ended; ``FlagEnd`` says why. ``CARRIED``: its case was closed while it was
    active; it continues in a later flag and has not ended.
    """

    ACTIVE = "active"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"
    CARRIED = "carried"


class FlagEnd(Word):
    """Why a flag ended. The label is shown to people."""

    BACK = "back"
    """Present again, measured by the flag's own rule, over the school's clearing period."""
    HANDED_IN = "handed-in"
    EXCUSED = "excused"
    """More time was agreed, or the work is no longer asked of the student."""
    EXPIRED = "expired"
    """Too long ago to help with: the rule's own limit, never a window that one event moved."""
    EXEMPT = "exempt"
    ENROLMENT_ENDED = "enrolment-ended"
    OUT_OF_SCOPE = "out-of-scope"
    RULE_OFF = "rule-off"
    CORRECTED = "corrected"
    ERASED = "erased"

    @property
    def label(self) -> str:
        """Return the reason in words, as a card shows it beside a flag."""
        return _END_LABELS[self]

    @property
    def is_return(self) -> bool:
        """Return whether the student is back, rather than no longer monitored."""
        return self in (FlagEnd.BACK, FlagEnd.HANDED_IN)


_END_LABELS = {
    FlagEnd.BACK: "back: sustained",
    FlagEnd.HANDED_IN: "handed in",
    FlagEnd.EXCUSED: "excused: more time, or no longer due",
    FlagEnd.EXPIRED: "reason expired",
    FlagEnd.EXEMPT: "the student is exempt",
    FlagEnd.ENROLMENT_ENDED: "enrolment ended",
    FlagEnd.OUT_OF_SCOPE: "outside the policy's scope",
    FlagEnd.RULE_OFF: "the school no longer uses this rule",
    FlagEnd.CORRECTED: "later data corrected it",
    FlagEnd.ERASED: "the student's data was erased",
}

END_NOT_RECORDED = "ended before reasons were recorded"
"""Shown beside flags that ended under an earlier version."""
