"""Authorise a person on a case, including a colleague who covers for a lead."""

from __future__ import annotations

import sqlalchemy as sa

from store.queries.cases.deciders import stands_in_on
from store.queries.deaths import has_died
from store.rules.access.death import STILL_POSSIBLE, stopped
from store.rules.access.permissions import Action, authorise, authorise_deputy
from store.rules.cases.case import Actor, Case

_DECISIONS = frozenset({Action.RESOLVE, Action.REVIEW})


def authorise_on(connection: sa.Connection, actor: Actor, action: Action, case: Case) -> bool:
    """Raise ``NotAllowed`` unless the person may act. True where they act for the leads."""
    review = action is Action.REVIEW
    if action in _DECISIONS and stands_in_on(connection, case, actor.id, review=review):
        authorise_deputy(actor, case)
        return True
    authorise(actor, action, case)
    return False


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
