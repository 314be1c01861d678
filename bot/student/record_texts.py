"""Words for the values in a student's record, such as how a flag ended and colleagues' views."""

from __future__ import annotations

from collections.abc import Mapping

from store.queries.privacy.own_record import OwnFlag
from store.rules.model import (
    ExemptionKind,
    FlagEnd,
    FlagState,
    InterventionKind,
    MarkerFamily,
    Opinion,
)

FAMILIES: Mapping[MarkerFamily, str] = {
    MarkerFamily.ATTENDANCE: "Attendance",
    MarkerFamily.SUBMISSIONS: "Work handed in",
    MarkerFamily.VLE: "The online learning space",
    MarkerFamily.MEETINGS: "Meetings with staff",
    MarkerFamily.RECORDINGS: "Recordings",
    MarkerFamily.COCURRICULAR: "Co-curricular sessions",
}

_STATES: Mapping[FlagState, str] = {
    FlagState.ACTIVE: "This is still so in the records.",
    FlagState.CLEARED: "This is over.",
    FlagState.WITHDRAWN: "Later records showed that this was wrong.",
    FlagState.CARRIED: "This continues in a later entry.",
}
_HELD = "This is held back, since the records themselves may be wrong. No one acts on it."
_ENDS: Mapping[FlagEnd, str] = {
    FlagEnd.BACK: "Over: you were seen again for some time.",
    FlagEnd.HANDED_IN: "Over: the work came in.",
    FlagEnd.EXCUSED: "Over: you were given more time, or it is no longer due.",
    FlagEnd.EXPIRED: "Over: it is too long ago to matter.",
    FlagEnd.EXEMPT: "Over: you were excused.",
    FlagEnd.ENROLMENT_ENDED: "Over: you left the module or programme.",
    FlagEnd.OUT_OF_SCOPE: "Over: the policy does not cover it.",
    FlagEnd.RULE_OFF: "Over: your school no longer uses this rule.",
    FlagEnd.CORRECTED: "Over: later records put it right.",
    FlagEnd.ERASED: "Over: it was erased.",
}

EXEMPTIONS: Mapping[ExemptionKind, str] = {
    ExemptionKind.APPROVED_ABSENCE: "Agreed absence",
    ExemptionKind.PLACEMENT: "Placement",
    ExemptionKind.INTERRUPTION: "Break in studies",
    ExemptionKind.CIRCUMSTANCES_KNOWN: "Your circumstances are known",
    ExemptionKind.DECEASED: "This service is closed. Contact your school office.",
}

STEPS: Mapping[Opinion | InterventionKind, str] = {
    Opinion.CONTACT_NOW: "thought that someone should get in touch with you",
    Opinion.WAIT: "thought that it was better to wait",
    Opinion.NOT_APPROPRIATE: "thought that no one should get in touch",
    Opinion.EXEMPTION: "thought that you should be excused",
    Opinion.DATA_QUESTION: "thought that the records may be wrong",
    InterventionKind.MEETING: "met you, or tried to",
    InterventionKind.CALL: "called you, or tried to",
    InterventionKind.RESOURCE: "pointed you to something that may help",
    InterventionKind.REFERRAL: "asked a service to help you",
    InterventionKind.ADJUSTMENT: "agreed something with you or for you",
    InterventionKind.NOTE: "wrote a note",
}


def became(flag: OwnFlag) -> str:
    """Return a sentence on how a flag ended, or that it is active."""
    if flag.is_held:
        return _HELD
    return _ENDS[flag.ended] if flag.ended else _STATES[flag.state]


EVERY = (
    *FAMILIES.values(),
    *_STATES.values(),
    _HELD,
    *_ENDS.values(),
    *EXEMPTIONS.values(),
    *STEPS.values(),
)
"""Every text, for the test of the Welsh translations."""
