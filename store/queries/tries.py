"""Read what colleagues did to reach students, on all cases: the only query for it."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from store.rules.model import WITH_THE_STUDENT, AttemptResult, OutreachStatus, Rung
from store.tables import attempts, interventions, outreach

_TRIED = (AttemptResult.REACHED, AttemptResult.NO_ANSWER, AttemptResult.LEFT_A_MESSAGE)


@cache
def select_tries() -> sa.Subquery:
    """Select each step that was taken: case_id, at, step (a rung, or a meeting or call), and
    whether it was a try to contact the student, as a look at digital traces is not."""
    emails = sa.select(
        outreach.c.case_id, outreach.c.sent_at.label("at"), outreach.c.rung.label("step")
    ).add_columns(sa.true().label("is_contact"))
    tried = sa.select(attempts.c.case_id, attempts.c.at, attempts.c.rung.label("step")).add_columns(
        sa.and_(attempts.c.result.in_(_TRIED), attempts.c.rung != Rung.DIGITAL_TRACES)
    )
    met = sa.select(
        interventions.c.case_id, interventions.c.at, interventions.c.kind.label("step")
    ).add_columns(sa.true())
    return sa.union_all(
        emails.where(outreach.c.status == OutreachStatus.SENT, outreach.c.sent_at.is_not(None)),
        tried,
        met.where(interventions.c.kind.in_(sorted(WITH_THE_STUDENT))),
    ).subquery("tries")
