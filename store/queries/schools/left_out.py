"""Find students from which a school expects no activity: exempt, out of scope, or unsettled."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db.together import Together
from store.queries.schools.roster import is_out_of_scope
from store.queries.students.exemptions import select_exempt
from store.queries.students.identifiers import SELECT_UNSETTLED
from store.rules.model import FlagEnd
from store.rules.policies.policy import SchoolPolicy
from store.tables import students


def left_out_of(
    connection: sa.Connection, school: int, policy: SchoolPolicy, day: dt.date
) -> dict[int, FlagEnd | None]:
    """Map students who get no flags from a school on this day to why their flags end.

    None: their flags stay as they are, since it is unclear which student numbers are theirs.
    """
    outside, exempt, unsettled = Together(
        sa.select(students.c.id).where(is_out_of_scope(policy.scope)),
        select_exempt(school, day),
        SELECT_UNSETTLED,
    ).rows(connection)
    return {
        **dict.fromkeys(row.student_id for row in unsettled),
        **dict.fromkeys((row.id for row in outside), FlagEnd.OUT_OF_SCOPE),
        **dict.fromkeys((row.student_id for row in exempt), FlagEnd.EXEMPT),
    }


def is_left_out(school: int, policy: SchoolPolicy, day: dt.date) -> sa.ColumnElement[bool]:
    """Return the SQL condition that ``left_out_of`` contains this student."""
    return (
        is_out_of_scope(policy.scope)
        | students.c.id.in_(select_exempt(school, day))
        | students.c.id.in_(SELECT_UNSETTLED)
    )
