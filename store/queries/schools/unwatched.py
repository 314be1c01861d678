"""Find students that no screening can flag: without a module, or without a rule for one (§10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.deaths import lives
from store.queries.schools.left_out import left_out_of
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
    left_out = left_out_of(connection, school, published.policy, day)
    taken = _modules_taken(connection, school, day)
    policies: dict[int, SchoolPolicy | None] = {school: published.policy}
    found = {}
    for student, level, is_enrolled in connection.execute(
        sa.select(
            students.c.id,
            students.c.level,
            sa.exists().where(enrolments.c.student_id == students.c.id),
        )
        .where(
            students.c.home_school_id == school,
            students.c.erased_at.is_(None),
            lives(students.c.id),
        )
        .order_by(students.c.id)
    ):
        if student in left_out:
            continue
        if not is_enrolled:
            found[student] = NO_MODULE
            continue
        ruling = []
        for module, taught_by in taken[student]:
            if taught_by not in policies:
                theirs = policy_in_force(connection, taught_by, day)
                policies[taught_by] = theirs.policy if theirs else None
            ruling += [(policies[school], module), (policies[taught_by], module)]
        if ruling and not any(
            policy is not None and _is_ruled(policy, Level(level), module)
            for policy, module in ruling
        ):
            found[student] = NO_RULE
    return found


def unwatched_counted(
    connection: sa.Connection, school: int, day: dt.date
) -> tuple[tuple[str, int], ...]:
    """Count the students that no rule looks at, by the reason in words."""
    return tuple(sorted(Counter(unwatched(connection, school, day).values()).items()))


def _modules_taken(
    connection: sa.Connection, school: int, day: dt.date
) -> defaultdict[int, list[tuple[str, int]]]:
    """Map the school's students to the modules that they take on the day: (code, school)."""
    rows = connection.execute(
        sa.select(enrolments.c.student_id, modules.c.code, modules.c.school_id)
        .join(students, students.c.id == enrolments.c.student_id)
        .join(modules, modules.c.id == enrolments.c.module_id)
        .where(
            students.c.home_school_id == school,
            enrolments.c.starts <= day,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
        )
    )
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for student, code, taught_by in rows:
        found[student].append((code, taught_by))
    return found


def _is_ruled(policy: SchoolPolicy, level: Level, module: str) -> bool:
    families = {family for family, _ in policy.agreed_sources}
    return has_rule_for(policy.rules, policy.overrides, families, level, module)
