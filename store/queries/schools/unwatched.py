"""Find students that no screening can flag: without a module, or without a rule for one (§10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, shown_together
from store.policies.versions import policy_in_force
from store.queries.deaths import lives
from store.queries.schools.left_out import is_left_out
from store.rules.flags.coverage import NO_MODULE, NO_RULE
from store.rules.model import Level
from store.rules.policies.overrides import has_rule_for
from store.rules.policies.policy import SchoolPolicy
from store.tables import enrolments, modules, students


def unwatched(connection: sa.Connection, school: int, day: dt.date) -> dict[int, str]:
    """Map students at home in the school that no rule looks at to the reason, in words.

    A student without any enrolment is included: they may be new, or the roster incomplete. Left out
    are students who have left, and those exempt or out of scope. Empty without a policy in force,
    which is reported by itself.
    """
    published = policy_in_force(connection, school, day)
    if published is None:
        return {}
    rows = connection.execute(_watchable(school, published.policy, day)).all()
    teaching = {row.school_id for row in rows if row.code is not None}
    shown_together(connection, Of.SCHOOL, teaching)
    policies = {each: _policy(connection, each, day) for each in teaching}
    found = {}
    for student, taken in groupby(rows, key=lambda row: row.id):
        modules_taken = list(taken)
        if not modules_taken[0].is_enrolled:
            found[student] = NO_MODULE
        elif modules_taken[0].code is not None and not any(
            _is_ruled(policy, Level(each.level), each.code)
            for each in modules_taken
            for policy in (published.policy, policies[each.school_id])
        ):
            found[student] = NO_RULE
    return found


def _policy(connection: sa.Connection, school: int, day: dt.date) -> SchoolPolicy | None:
    published = policy_in_force(connection, school, day)
    return published.policy if published else None


def unwatched_counted(
    connection: sa.Connection, school: int, day: dt.date
) -> tuple[tuple[str, int], ...]:
    """Count the students that no rule looks at, by the reason in words."""
    return tuple(sorted(Counter(unwatched(connection, school, day).values()).items()))


def _watchable(school: int, policy: SchoolPolicy, day: dt.date) -> sa.Select[Any]:
    """Select the students at home in the school, with each module that they take on the day."""
    taken = (
        sa.select(enrolments.c.student_id, modules.c.code, modules.c.school_id)
        .join(modules, modules.c.id == enrolments.c.module_id)
        .where(
            enrolments.c.starts <= day,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
        )
        .subquery()
    )
    return (
        sa.select(
            students.c.id,
            students.c.level,
            sa.exists().where(enrolments.c.student_id == students.c.id).label("is_enrolled"),
            taken.c.code,
            taken.c.school_id,
        )
        .outerjoin(taken, taken.c.student_id == students.c.id)
        .where(
            students.c.home_school_id == school,
            students.c.erased_at.is_(None),
            lives(students.c.id),
            ~is_left_out(school, policy, day),
        )
        .order_by(students.c.id)
    )


def _is_ruled(policy: SchoolPolicy | None, level: Level, module: str) -> bool:
    if policy is None:
        return False
    families = {family for family, _ in policy.agreed_sources}
    return has_rule_for(policy.rules, policy.overrides, families, level, module)
