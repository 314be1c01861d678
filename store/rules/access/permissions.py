"""Permissions: one function, default deny, checked at every click and again by the worker."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from store.rules.cases.case import Actor, Case
from store.rules.errors import NotAllowed
from store.rules.model import Role
from store.rules.text.formatting import either


class Action(StrEnum):
    """Every action of a person, on a case or on a school."""

    SEE = "see"
    REVEAL = "reveal"
    TAKE = "take"
    ASSIGN = "assign"
    VIEW = "view"
    ASK = "ask"
    LOG = "log"
    NOTE = "note"
    DRAFT = "draft"
    APPROVE = "approve"
    REJECT = "reject"
    EMERGENCY = "welfare"
    REVIEW = "review"
    SNOOZE = "snooze"
    PAUSE = "pause"
    RESUME = "resume"
    EXEMPT = "exempt"
    DEATH = "death"
    CONFIRM_DEATH = "confirm-death"
    UNDO_DEATH = "undo-death"
    REFER = "refer"
    LADDER = "ladder"
    TRACES = "traces"
    FITNESS = "fitness"
    ALERT_HOME = "alert-home"
    ACKNOWLEDGE = "acknowledge"
    COMPLAIN = "complaint"
    RESOLVE = "resolve-complaint"
    EVIDENCE = "evidence"
    CLOSE = "close"
    REOPEN = "reopen"
    # On a school rather than one case.
    FIND = "find"
    COVER = "cover"
    LEAD = "lead"
    FIGURES = "figures"
    INFORM = "inform"
    # On everything that is held about one student.
    ERASE = "erase"
    EXPORT = "export"
    ACCESS_LOG = "access-log"
    DATA_REQUESTS = "data-requests"
    HARM = "harm"
    PRESERVE = "preserve"
    RETENTION = "retention"
    FAIRNESS = "fairness"
    OBJECTION = "objection"
    ACCOUNT = "forget-account"
    STAFF = "staff"

    @property
    def label(self) -> str:
        """Return the action as it reads in a sentence, before “a case” or “a school”."""
        return _LABELS.get(self, self.value)


_LABELS = {
    Action.ASK: "ask about",
    Action.LOG: "log on",
    Action.NOTE: "note on",
    Action.DRAFT: "draft an email for",
    Action.APPROVE: "approve an email for",
    Action.REJECT: "send back the email of",
    Action.EMERGENCY: "use the welfare route for",
    Action.REVIEW: "review the welfare route of",
    Action.RESUME: "take up",
    Action.EXEMPT: "exempt the student of",
    Action.DEATH: "report the death of the student of",
    Action.CONFIRM_DEATH: "confirm the death of the student of",
    Action.UNDO_DEATH: "undo the report on the student of",
    Action.LADDER: "see the contact ladder of",
    Action.TRACES: "look at digital traces for",
    Action.FITNESS: "decide on Fitness to Study for",
    Action.ALERT_HOME: "alert the home school about",
    Action.COMPLAIN: "record a complaint about",
    Action.RESOLVE: "resolve the complaint about",
    Action.EVIDENCE: "read the saved evidence of",
    Action.FIND: "look up students of",
    Action.COVER: "arrange cover in",
    Action.LEAD: "lead engagement in",
    Action.FIGURES: "see the figures of",
    Action.INFORM: "read about the policy of",
    Action.ERASE: "erase a student of",
    Action.EXPORT: "export what is held on a student of",
    Action.ACCESS_LOG: "see who looked at a student of",
    Action.DATA_REQUESTS: "answer requests about data in",
    Action.HARM: "mark words that may do harm on",
    Action.PRESERVE: "place a hold on the data of a student of",
    Action.RETENTION: "approve how long data is kept in",
    Action.FAIRNESS: "compare groups of students in",
    Action.OBJECTION: "record an objection of a student of",
    Action.ACCOUNT: "forget the account of a student of",
    Action.STAFF: "confirm who works in",
}

_CASEWORKERS = frozenset({Role.STUDENT_SUPPORT_OFFICER, Role.ADVISER, Role.ENGAGEMENT_LEAD})
_COLLEAGUES = _CASEWORKERS | {Role.MODULE_ORGANISER}
_LEAD = frozenset({Role.ENGAGEMENT_LEAD})
_PROTECTION = frozenset({Role.DATA_PROTECTION_OFFICER})

_WHOLE_CASELOAD = frozenset({Role.STUDENT_SUPPORT_OFFICER, Role.ENGAGEMENT_LEAD})

# Faculty leads see aggregates only, and data protection officers the audit, a student's data and
# a complaint's evidence, so neither is among those who act on a case.
_MAY: dict[Action, frozenset[Role]] = {
    **dict.fromkeys(Action, _CASEWORKERS),
    Action.SEE: _COLLEAGUES,
    Action.VIEW: _COLLEAGUES,
    Action.ASK: _COLLEAGUES,
    Action.NOTE: _COLLEAGUES,
    Action.LADDER: _COLLEAGUES,
    Action.ALERT_HOME: _COLLEAGUES,
    Action.COMPLAIN: _COLLEAGUES,
    Action.DEATH: _COLLEAGUES,
    Action.UNDO_DEATH: _LEAD | _PROTECTION,
    Action.REVIEW: _LEAD,
    Action.FITNESS: _LEAD,
    Action.RESOLVE: _LEAD,
    Action.EVIDENCE: _LEAD | _PROTECTION,
    Action.LEAD: _LEAD,
    Action.FIGURES: _LEAD | {Role.FACULTY_LEAD},
    Action.INFORM: frozenset(Role),
    Action.ERASE: _PROTECTION,
    Action.EXPORT: _PROTECTION,
    Action.ACCESS_LOG: _PROTECTION,
    Action.DATA_REQUESTS: _PROTECTION,
    Action.HARM: _COLLEAGUES,
    Action.PRESERVE: _PROTECTION,
    Action.RETENTION: _PROTECTION,
    Action.FAIRNESS: _LEAD | _PROTECTION,
    Action.OBJECTION: _PROTECTION,
    Action.ACCOUNT: _PROTECTION,
    Action.STAFF: _LEAD | _PROTECTION,
}


def may_in_role(role: Role, action: Action) -> bool:
    """Return whether this role allows the action."""
    return role in _MAY[action]


def may(actor: Actor, action: Action, school: int) -> bool:
    """Return whether the actor may do this to cases of this home school."""
    return actor.active and bool(actor.roles.get(school, frozenset()) & _MAY[action])


def sees_whole_caseload(actor: Actor, school: int) -> bool:
    """Return whether the actor's role needs every case of the school, not only their own part."""
    return actor.active and bool(actor.roles.get(school, frozenset()) & _WHOLE_CASELOAD)


def schools_where(actor: Actor, action: Action) -> list[int]:
    """List the schools in which the actor may do this."""
    return sorted(school for school in actor.roles if may(actor, action, school))


def authorise(actor: Actor, action: Action, case: Case) -> None:
    """Check that the actor may do this to the case; ``NotAllowed`` says why not."""
    _active(actor)
    if not actor.is_in(case.school):
        raise NotAllowed(_elsewhere(case, may_alert=bool(schools_where(actor, Action.ALERT_HOME))))
    if actor.id in case.barred:
        raise NotAllowed(
            f"A colleague looks after {case.reference} until a complaint about it is resolved, "
            "so you cannot act on it now."
        )
    if not may(actor, action, case.school):
        raise NotAllowed(
            f"To {action.label} a case you need to be {_roles(action)} in its home school."
        )


def authorise_contributing(actor: Actor, case: Case, contributing: Collection[int]) -> int:
    """Check that a person may alert the home school from a school that also teaches the student.

    Returns the school that alerts. Such a school can do nothing else with a case:
    only the home school contacts the student (paragraph 24).

    Raises ``NotAllowed`` where the person has no such school, works in the home school, or a
    complaint about the case is open.
    """
    _active(actor)
    if actor.id in case.barred:
        raise NotAllowed(
            f"The home school looks after {case.reference}. You cannot act on it until a "
            "complaint about it is resolved."
        )
    ours = [
        school
        for school in schools_where(actor, Action.ALERT_HOME)
        if school in contributing and school != case.school
    ]
    if ours:
        return ours[0]
    if actor.is_in(case.school):
        raise NotAllowed(
            f"You work in the home school of {case.reference}, so you do not need to alert it. "
            "Use Assign or Ask on the card."
        )
    raise NotAllowed(_elsewhere(case, may_alert=False))


def _elsewhere(case: Case, *, may_alert: bool) -> str:
    """Return the refusal for a case of another school, the same for everyone.

    It does not reveal whether the student takes a module of the reader's school.
    """
    said = f"{case.reference} belongs to another school, so you cannot act on it."
    if not may_alert:
        return said
    return (
        f"{said} If its student takes a module of your school, tell the home school what you have "
        f"noticed: /lantern alert-home {case.reference}."
    )


def authorise_deputy(actor: Actor, case: Case) -> None:
    """Check a person that ``deputies`` chose to decide instead of the leads.

    Raises ``NotAllowed`` where their account is not active, or the complaint is about them.
    """
    _active(actor)
    if actor.id in case.barred:
        raise NotAllowed(
            f"The complaint about {case.reference} is about you, so another colleague resolves it."
        )


def authorise_in(actor: Actor, action: Action, school: int) -> None:
    """Check the permission for an action on a school rather than one case.

    Raises ``NotAllowed`` where none of the person's roles in the school allows the action.
    """
    _active(actor)
    if not may(actor, action, school):
        raise NotAllowed(f"To {action.label} a school you need to be {_roles(action)} there.")


def _active(actor: Actor) -> None:
    if not actor.active:
        raise NotAllowed("Your account is not active in Lantern. Ask your engagement lead.")


def _roles(action: Action) -> str:
    labels = sorted(role.label for role in _MAY[action])
    return either([f"{'an' if label[0] in 'aeio' else 'a'} {label}" for label in labels])
