"""The words of engagement casework, as enumerations, each subject in a module of its own.

event → marker → flag → case → view → intervention → outreach → outcome.

A *day* is always a calendar date in the institution's time zone; an *instant* is an aware
``datetime`` in UTC. Students appear here only by their internal number. Other modules import
these enumerations from here.
"""

from store.rules.model.cases import (
    ENDED_CASES,
    WITH_THE_STUDENT,
    CaseStatus,
    ExemptionKind,
    FitnessDecision,
    Help,
    InterventionKind,
    Opinion,
    Outcome,
    Usefulness,
)
from store.rules.model.delivery import EMAILS, NoticeKind, OutboxKind, OutboxState, TroubleKind
from store.rules.model.flags import END_NOT_RECORDED, OCCASIONAL, FlagEnd, FlagState, MarkerFamily
from store.rules.model.outreach import (
    AnswerKind,
    AttemptResult,
    Doubt,
    OutreachStatus,
    Purpose,
    Rung,
)
from store.rules.model.people import Level, Platform, Role

__all__ = [
    "EMAILS",
    "ENDED_CASES",
    "END_NOT_RECORDED",
    "OCCASIONAL",
    "WITH_THE_STUDENT",
    "AnswerKind",
    "AttemptResult",
    "CaseStatus",
    "Doubt",
    "ExemptionKind",
    "FitnessDecision",
    "FlagEnd",
    "FlagState",
    "Help",
    "InterventionKind",
    "Level",
    "MarkerFamily",
    "NoticeKind",
    "Opinion",
    "OutboxKind",
    "OutboxState",
    "Outcome",
    "OutreachStatus",
    "Platform",
    "Purpose",
    "Role",
    "Rung",
    "TroubleKind",
    "Usefulness",
]
