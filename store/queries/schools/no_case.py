"""List students with an active flag and no open case, each with the reason (§3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each, shown_together
from store.queries.deaths import has_died
from store.queries.newest_screenings import COLUMNS, Screenings
from store.queries.schools.staff import all_schools
from store.queries.students.ended_cases import (
    EndedCase,
    grace_of,
    newest_closed,
    with_open_complaint,
)
from store.queries.students.exemptions import exempt_on
from store.rules.flags.grace import Grace
from store.rules.flags.no_case import ActiveFlag, Explained, Silent, explain
from store.rules.model import FlagState
from store.tables import CASE_IS_OPEN, cases, flags, students, waiting


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
    by_student = _by_student(connection, _loose_flags(school))
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
    """Say why a student with an active flag has no open case; '' for any other student."""
    query = _loose_flags(None).where(flags.c.student_id.in_(these))
    by_student = _by_student(connection, query)
    facts = _Facts(connection, day, by_student)
    said = {who: str(facts.explained(who, rows, None)) for who, rows in by_student.items()}
    return dict.fromkeys(these, "") | said


def _by_student(connection: sa.Connection, query: sa.Select[Any]) -> dict[int, list[sa.Row[Any]]]:
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.student_id].append(row)
    return found


def _loose_flags(school: int | None) -> sa.Select[Any]:
    query = (
        sa.select(
            flags.c.student_id,
            flags.c.hold_id,
            flags.c.case_id,
            *COLUMNS,
            students.c.home_school_id,
        )
        .join(students, students.c.id == flags.c.student_id)
        .where(
            flags.c.state == FlagState.ACTIVE,
            students.c.erased_at.is_(None),
            ~sa.exists().where(cases.c.student_id == flags.c.student_id, CASE_IS_OPEN),
        )
        .order_by(flags.c.id)
    )
    if school is None:
        return query
    return query.where((flags.c.school_id == school) | (students.c.home_school_id == school))


class _Facts:
    """The facts behind the reasons for all these students, each read once."""

    def __init__(self, connection: sa.Connection, day: dt.date, who: Iterable[int]) -> None:
        who = list(who)
        self._connection, self._day = connection, day
        self.closed: dict[int, EndedCase] = newest_closed(connection, who)
        self._complaint = with_open_complaint(connection, who)
        self._queue = frozenset(connection.execute(sa.select(waiting.c.student_id)).scalars())
        shown_together(connection, Of.STUDENT, who)
        self._exempt: dict[int, frozenset[int]] = {}
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
            has_died=has_died(self._connection, student),
            has_complaint=student in self._complaint,
            in_queue=student in self._queue,
            in_other_process=closed is not None and closed.in_other_process,
            is_elsewhere=school is not None and school != home,
        )
        return explain(facts, self._grace[home], self._day)

    def _flag(self, row: sa.Row[Any]) -> ActiveFlag:
        if row.school_id not in self._exempt:
            self._exempt[row.school_id] = exempt_on(self._connection, row.school_id, self._day)
        return ActiveFlag(
            is_held=row.hold_id is not None,
            on_ended_case=row.case_id is not None,
            is_exempt=row.student_id in self._exempt[row.school_id],
            is_found=self._screenings.found(row),
            away=self._screenings.missing(row),
        )
