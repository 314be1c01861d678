"""Find students from which a school expects no activity: exempt, out of scope, or unsettled."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.queries.schools.roster import students_out_of_scope
from store.queries.students.exemptions import exempt_on
from store.queries.students.identifiers import unsettled_students
from store.rules.model import FlagEnd
from store.rules.policies.policy import SchoolPolicy


def left_out_of(
    connection: sa.Connection, school: int, policy: SchoolPolicy, day: dt.date
) -> dict[int, FlagEnd | None]:
    """Map students who get no flags from a school on this day to why their flags end.

    None: their flags stay as they are, since it is unclear which student numbers are theirs.
    """
    outside = students_out_of_scope(connection, policy.scope)
    exempt = exempt_on(connection, school, day)
    return {
        **dict.fromkeys(unsettled_students(connection)),
        **dict.fromkeys(outside, FlagEnd.OUT_OF_SCOPE),
        **dict.fromkeys(exempt, FlagEnd.EXEMPT),
    }
