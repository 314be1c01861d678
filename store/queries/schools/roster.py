"""Read the roster for the feeds and the activity lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from store.rules.model import Level
from store.rules.policies.overrides import Override
from store.rules.policies.policy import Scope
from store.tables import enrolments, modules, revisions, schools, staff, students

ROSTER = "roster"


def roster_revision(connection: sa.Connection) -> str:
    """Return a value that changes with every delivery of the roster; '' before the first."""
    found: str | None = connection.execute(
        sa.select(revisions.c.token).where(revisions.c.name == ROSTER)
    ).scalar_one_or_none()
    return found or ""


def enrolment_rows(
    connection: sa.Connection,
) -> list[tuple[int, str, str, str, dt.date, dt.date | None]]:
    """Return every enrolment for the lake: (student, home school, module, module's school, starts,
    ends).
    """
    home, teaching = schools.alias("home"), schools.alias("teaching")
    rows = connection.execute(
        sa.select(
            enrolments.c.student_id,
            home.c.code,
            modules.c.code,
            teaching.c.code,
            enrolments.c.starts,
            enrolments.c.ends,
        )
        .join(students, students.c.id == enrolments.c.student_id)
        .join(home, home.c.id == students.c.home_school_id)
        .join(modules, modules.c.id == enrolments.c.module_id)
        .join(teaching, teaching.c.id == modules.c.school_id)
    )
    return list(rows)


def student_numbers(connection: sa.Connection) -> list[tuple[str, int]]:
    """Return (university's number, internal number) of every student."""
    query = sa.select(students.c.number, students.c.id).where(students.c.erased_at.is_(None))
    return list(connection.execute(query))


def student_addresses(connection: sa.Connection) -> dict[str, str]:
    """Map every student's email addresses to the university's number."""
    found: dict[str, str] = {}
    for column in (students.c.personal_email, students.c.university_email):
        query = sa.select(column, students.c.number).where(
            students.c.erased_at.is_(None), column != ""
        )
        found |= dict(connection.execute(query).all())
    return found


def university_domains(connection: sa.Connection) -> frozenset[str]:
    """Return the domains of the university's own addresses, of students and staff."""
    found = {
        str(address).rpartition("@")[2].casefold()
        for column in (students.c.university_email, staff.c.email)
        for address in connection.execute(
            sa.select(column).where(column != "").distinct()
        ).scalars()
    }
    return frozenset(found)


def enrolled_modules(
    connection: sa.Connection,
) -> dict[str, list[tuple[str, dt.date, dt.date | None]]]:
    """Map the university's numbers to (module, starts, ends) of the students' enrolments."""
    rows = connection.execute(
        sa.select(students.c.number, modules.c.code, enrolments.c.starts, enrolments.c.ends)
        .join(students, students.c.id == enrolments.c.student_id)
        .join(modules, modules.c.id == enrolments.c.module_id)
        .where(students.c.erased_at.is_(None))
    )
    found: dict[str, list[tuple[str, dt.date, dt.date | None]]] = {}
    for number, module, starts, ends in rows:
        found.setdefault(number, []).append((module, starts, ends))
    return found


def enrolled_students(
    connection: sa.Connection,
) -> list[tuple[int, str, dt.date, dt.date | None]]:
    """List (internal number, module, starts, ends) of all enrolments."""
    rows = connection.execute(
        sa.select(
            enrolments.c.student_id, modules.c.code, enrolments.c.starts, enrolments.c.ends
        ).join(modules, modules.c.id == enrolments.c.module_id)
    )
    return [tuple(row) for row in rows]


def module_schools(connection: sa.Connection) -> dict[str, str]:
    """Map each module's code to the code of the school that teaches it."""
    rows = connection.execute(
        sa.select(modules.c.code, schools.c.code).join(schools, schools.c.id == modules.c.school_id)
    )
    return dict(rows.all())


def is_out_of_scope(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a student is outside the scope of a policy, as ``covers`` of
    the scope decides it (§6)."""
    programme = students.c.programme
    is_covered = students.c.level.in_(scope.levels) | programme.in_(scope.programmes_in)
    return programme.in_(scope.programmes_out) | ~is_covered


def student_levels(connection: sa.Connection, overrides: Sequence[Override]) -> Mapping[int, Level]:
    """Map students to levels, for those levels with thresholds of their own in a policy."""
    named = {each.level for each in overrides if each.level}
    if not named:
        return {}
    rows = connection.execute(
        sa.select(students.c.id, students.c.level).where(students.c.level.in_(sorted(named)))
    )
    return {student: Level(level) for student, level in rows}


def cohorts(connection: sa.Connection, school: int, day: dt.date) -> dict[str, int]:
    """Count the students on each of a school's modules on a day, by the module's code."""
    rows = connection.execute(
        sa.select(modules.c.code, sa.func.count())
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(
            modules.c.school_id == school,
            enrolments.c.starts <= day,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
        )
        .group_by(modules.c.code)
    ).all()
    return dict(rows)


def school_codes(connection: sa.Connection) -> frozenset[str]:
    """Return the codes of all schools."""
    return frozenset(connection.execute(sa.select(schools.c.code)).scalars())
