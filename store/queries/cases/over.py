"""Find in SQL the cases whose reasons have all ended (see ``ended_reasons``)."""

from __future__ import annotations

import sqlalchemy as sa

from store.queries.contacts import select_answers
from store.rules.model import FlagState
from store.tables import ACTIVE, alerts, cases, emergencies, flags

_answers = select_answers()
_same_student = flags.alias("same_student")
ENDED = (FlagState.CLEARED, FlagState.WITHDRAWN)


def _has(*which: sa.ColumnElement[bool]) -> sa.Exists:
    """Return the condition that such a row exists for the case of the enclosing query."""
    return sa.exists().where(*which).correlate(cases)


IS_OVER = sa.and_(
    _has(flags.c.case_id == cases.c.id, flags.c.state.in_(ENDED)),
    # One that waits for the next screening to join the case counts as well.
    ~_has(
        _same_student.c.student_id == cases.c.student_id,
        _same_student.c.state == ACTIVE,
        (_same_student.c.case_id == cases.c.id)
        | (_same_student.c.case_id.is_(None) & _same_student.c.hold_id.is_(None)),
    ),
    ~_has(alerts.c.case_id == cases.c.id),
    ~_has(emergencies.c.case_id == cases.c.id),
    ~_has(_answers.c.student_id == cases.c.student_id, _answers.c.at >= cases.c.opened_at),
)
"""Of a case: whether every reason has ended."""
