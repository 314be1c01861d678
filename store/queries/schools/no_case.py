"""List students with an active flag and no open case, each with the reason (§3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each, shown_together
from store.queries.deaths import is_dead
from store.queries.newest_screenings import COLUMNS, Screenings
from store.queries.schools.staff import all_schools
from store.queries.students.ended_cases import EndedCase, grace_of, newest_closed
from store.queries.students.exemptions import select_exempt
from store.rules.flags.grace import Grace
from store.rules.flags.no_case import ActiveFlag, Explained, Silent, explain
from store.tables import (
    CASE_IS_OPEN,
    FLAG_IS_ACTIVE,
    cases,
    complaints,
    exemptions,
    flags,
    students,
    waiting,
)


@dataclass(frozen=True, slots=True)
class SilentStudent:
    """A student without an open case. ``reference`` is their newest closed case; '' for none."""

    school: str
    """The code of the home school."""
    reference: str
    explained: Explained


def students_without_case(
    connection: sa.Connection,
    day: dt.date,
    school: int | None = None,
) -> list[SilentStudent]:
    """Return every student with an active flag and no open case, by home school.

    ``school`` limits it to one school: the flags it raised, and the students whose home it is.
    """
    codes = {each.id: each.code for each in all_schools(connection)}
    by_student = _by_student(connection, _loose_flags(school, day))
    facts = _Facts(connection, day, by_student)
    return [
        SilentStudent(
            codes[rows[0].home_school_id],
            facts.closed[who].reference if who in facts.closed else "",
            facts.explained(who, rows, school),
        )
        for who, rows in sorted(
            by_student.items(), key=lambda each: (codes[each[1][0].home_school_id], each[0])
        )
    ]


@read_each(Of.STUDENT)
def why_no_case(
    connection: sa.Connection, these: Collection[int], day: dt.date
) -> Mapping[int, str]:
    """Return why a student with an active flag has no open case; '' for any other student."""
    query = _loose_flags(None, day).where(flags.c.student_id.in_(these))
    by_student = _by_student(connection, query)
    facts = _Facts(connection, day, by_student)
    said = {who: str(facts.explained(who, rows, None)) for who, rows in by_student.items()}
    return dict.fromkeys(these, "") | said


def _by_student(connection: sa.Connection, query: sa.Select[Any]) -> dict[int, list[sa.Row[Any]]]:
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.student_id].append(row)
    rows = [row for each in found.values() for row in each]
    schools = {school for row in rows for school in (row.school_id, row.home_school_id)}
    shown_together(connection, Of.SCHOOL, schools)
    return found


def _loose_flags(school: int | None, day: dt.date) -> sa.Select[Any]:
    """Select the active flags of students without an open case, each with what else explains it."""
    of_student = cases.c.student_id == flags.c.student_id
    complained = sa.exists().where(
        of_student, complaints.c.case_id == cases.c.id, complaints.c.resolved_at.is_(None)
    )
    exempt = select_exempt(flags.c.school_id, day)
    query = (
        sa.select(
            flags.c.student_id,
            flags.c.hold_id,
            flags.c.case_id,
            *COLUMNS,
            students.c.home_school_id,
            complained.label("has_complaint"),
            sa.exists().where(waiting.c.student_id == flags.c.student_id).label("in_queue"),
            is_dead(flags.c.student_id).label("has_died"),
            exempt.where(exemptions.c.student_id == flags.c.student_id).exists().label("is_exempt"),
        )
        .join(students, students.c.id == flags.c.student_id)
        .where(
            FLAG_IS_ACTIVE,
            students.c.erased_at.is_(None),
            ~sa.exists().where(of_student, CASE_IS_OPEN),
        )
        .order_by(flags.c.id)
    )
    if school is None:
        return query
    return query.where((flags.c.school_id == school) | (students.c.home_school_id == school))


class _Facts:
    """The facts behind the reasons for all these students, each read once."""

    def __init__(self, connection: sa.Connection, day: dt.date, who: Collection[int]) -> None:
        self._connection, self._day = connection, day
        self.closed: dict[int, EndedCase] = newest_closed(connection, who)
        self._grace: dict[int, Grace] = {}
        self._screenings = Screenings(connection)

    def explained(self, student: int, rows: list[sa.Row[Any]], school: int | None) -> Explained:
        """Explain why this student has no open case."""
        closed, home = self.closed.get(student), rows[0].home_school_id
        if home not in self._grace:
            self._grace[home] = grace_of(self._connection, home, self._day)
        facts = Silent(
            flags=tuple(self._flag(row) for row in rows),
            closed_at=closed.closed_at if closed else None,
            has_died=rows[0].has_died,
            has_complaint=rows[0].has_complaint,
            in_queue=rows[0].in_queue,
            in_other_process=closed is not None and closed.in_other_process,
            is_elsewhere=school is not None and school != home,
        )
        return explain(facts, self._grace[home], self._day)

    def _flag(self, row: sa.Row[Any]) -> ActiveFlag:
        return ActiveFlag(
            is_held=row.hold_id is not None,
            on_ended_case=row.case_id is not None,
            is_exempt=row.is_exempt,
            is_found=self._screenings.found(row),
            away=self._screenings.missing(row),
        )
