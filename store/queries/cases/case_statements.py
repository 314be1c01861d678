"""SQL statements for a case's card, built once for all cases.

Building such a statement, above all an alias with all its columns, takes longer than running it.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import cases, flags, policies, schools, staff, students

_owner = staff.alias("owner")
_into = cases.alias("into")
_later = cases.alias("later")
CASE = (
    sa.select(
        cases,
        schools.c.code,
        schools.c.name.label("school_name"),
        students.c.level,
        students.c.programme,
        _owner.c.name.label("owner_name"),
        _into.c.reference.label("into_reference"),
        sa.select(_later.c.reference)
        .where(_later.c.follows_id == cases.c.id, _later.c.erased_at.is_(None))
        .order_by(_later.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("followed_by"),
    )
    .join(schools, schools.c.id == cases.c.school_id)
    .join(students, students.c.id == cases.c.student_id)
    .outerjoin(_owner, _owner.c.id == cases.c.owner_id)
    .outerjoin(_into, (_into.c.id == cases.c.merged_into) & _into.c.erased_at.is_(None))
    .where(cases.c.id == sa.bindparam("case"))
)
_worded_by = policies.alias("worded_by")
FLAGS = (
    sa.select(flags, policies.c.version, _worded_by.c.version.label("worded_by"))
    .join(policies, policies.c.id == flags.c.policy_id)
    .outerjoin(_worded_by, _worded_by.c.id == flags.c.worded_policy_id)
    .where(flags.c.case_id == sa.bindparam("case"))
    .order_by(flags.c.raised_on, flags.c.id)
)
