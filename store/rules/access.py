"""Who may do what. One function, default deny, asked at every click and again by the worker."""

from __future__ import annotations

from enum import StrEnum

from store.rules.case import Actor, Case
from store.rules.errors import NotAllowed
from store.rules.model import Role


class Action(StrEnum):
    """Everything that a person can do with a case."""

    SEE = "see"
    REVEAL = "reveal"
    TAKE = "take"
    ASSIGN = "assign"
    VIEW = "view"
    LOG = "log"
    DRAFT = "draft"
    APPROVE = "approve"
    CLOSE = "close"


_CASEWORKERS = frozenset({Role.STUDENT_SUPPORT_OFFICER, Role.ADVISER, Role.ENGAGEMENT_LEAD})
_COLLEAGUES = _CASEWORKERS | {Role.MODULE_ORGANISER}

# Faculty leads see aggregates only and data protection officers the audit only, so neither is here.
_MAY: dict[Action, frozenset[Role]] = {
    Action.SEE: _COLLEAGUES,
    Action.REVEAL: _CASEWORKERS,
    Action.TAKE: _CASEWORKERS,
    Action.ASSIGN: _CASEWORKERS,
    Action.VIEW: _COLLEAGUES,
    Action.LOG: _CASEWORKERS,
    Action.DRAFT: _CASEWORKERS,
    Action.APPROVE: _CASEWORKERS,
    Action.CLOSE: _CASEWORKERS,
}


def may_in_role(role: Role, action: Action) -> bool:
    """Whether this role is one that may do it."""
    return role in _MAY[action]


def may(actor: Actor, action: Action, school: int) -> bool:
    """Whether the actor may do this to cases of this home school."""
    return actor.active and bool(actor.roles.get(school, frozenset()) & _MAY[action])


def authorise(actor: Actor, action: Action, case: Case) -> None:
    """Let it pass, or raise ``NotAllowed`` with a sentence for the person who asked."""
    if not actor.active:
        raise NotAllowed("Your account is not active in Lantern. Please ask your engagement lead.")
    if not actor.is_in(case.school):
        raise NotAllowed(f"{case.reference} belongs to another school, so you cannot act on it.")
    if not may(actor, action, case.school):
        roles = " or ".join(sorted(role.label for role in _MAY[action]))
        raise NotAllowed(f"To {action.value} a case you need to be {roles} in its home school.")
