"""Authorise a person on a case, including a colleague who covers for a lead."""

from __future__ import annotations

import sqlalchemy as sa

from store.db import repository
from store.policies.versions import policy_in_force
from store.queries.cases.deciders import stands_in_on
from store.queries.deaths import has_died
from store.queries.schools.leads import leads
from store.rules.access.death import STILL_POSSIBLE, stopped
from store.rules.access.permissions import Action, authorise, authorise_deputy
from store.rules.cases.case import Actor, Case
from store.rules.errors import NotAllowed

_DECISIONS = frozenset({Action.RESOLVE, Action.REVIEW})


def authorise_on(connection: sa.Connection, actor: Actor, action: Action, case: Case) -> bool:
    """Check that the person may act; return whether they deputise for the leads.

    Raises ``NotAllowed`` where they may not.
    """
    review = action is Action.REVIEW
    if action in _DECISIONS and stands_in_on(connection, case, actor.id, review=review):
        authorise_deputy(actor, case)
        return True
    try:
        authorise(actor, action, case)
    except NotAllowed as refused:
        # A colleague may contact about welfare while a complaint is open.
        if actor.id in case.barred and action is Action.EMERGENCY and actor.active:
            tell = _who_acts_on_welfare(connection, case)
            raise NotAllowed(
                f"{refused.sentence} Tell {tell} now, by phone or in person."
            ) from None
        raise
    return False


def _who_acts_on_welfare(connection: sa.Connection, case: Case) -> str:
    """Name the colleague who can act on a welfare concern: the owner, a lead, or on duty."""
    published = policy_in_force(connection, case.school, case.opened_on)
    contact = published.policy.urgent.duty_contact if published else ""
    on_duty = repository.colleague_with_address(connection, contact) if contact else None
    able = [case.owner, *leads(connection, case.school), on_duty]
    free = [each for each in able if each is not None and each not in case.barred]
    for person in repository.actors(connection, free[:1]):
        return person.name
    return "the university's emergency or wellbeing service"


def check_not_stopped(connection: sa.Connection, action: Action, case: Case) -> None:
    """Refuse all but a few actions on the case of a student who has died."""
    if action not in STILL_POSSIBLE and has_died(connection, case.student):
        raise stopped(case.reference)


def authorise_evidence_on(connection: sa.Connection, actor: Actor, case: Case) -> None:
    """Let only the lead, the person who resolves the complaint and the DPO read its evidence."""
    if stands_in_on(connection, case, actor.id, review=False):
        authorise_deputy(actor, case)
    else:
        authorise(actor, Action.EVIDENCE, case)
