"""Whether somebody may act on a case, with what only the store knows: who stands in for a lead."""

from __future__ import annotations

import sqlalchemy as sa

from store.queries.cases.deciders import stands_in_on
from store.queries.deaths import has_died
from store.rules.access.death import STILL_POSSIBLE, stopped
from store.rules.access.permissions import Action, authorise, authorise_deputy
from store.rules.cases.case import Actor, Case

_DECISIONS = frozenset({Action.RESOLVE, Action.REVIEW})


def authorise_on(connection: sa.Connection, actor: Actor, action: Action, case: Case) -> bool:
    """Let it pass, or raise ``NotAllowed``. True where the actor stands in for the leads."""
    review = action is Action.REVIEW
    if action in _DECISIONS and stands_in_on(connection, case, actor.id, review=review):
        authorise_deputy(actor, case)
        return True
    authorise(actor, action, case)
    return False


def check_not_stopped(connection: sa.Connection, action: Action, case: Case) -> None:
    """Refuse everything but a few actions on the case of a student who has died."""
    if action not in STILL_POSSIBLE and has_died(connection, case.student):
        raise stopped(case.reference)


def authorise_evidence_on(connection: sa.Connection, actor: Actor, case: Case) -> None:
    """Who may read what a complaint froze: the lead or who resolves it, and the DPO."""
    if stands_in_on(connection, case, actor.id, review=False):
        authorise_deputy(actor, case)
    else:
        authorise(actor, Action.EVIDENCE, case)
