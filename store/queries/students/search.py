"""Find a student by number, or by name in any spelling."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.queries.students.references import case_id_of
from store.rules.model import CaseStatus
from store.rules.text.formatting import folded
from store.tables import CASE_IS_OPEN, cases, complaints, contributing_schools, schools, students

MOST = 10
_IS_TOLD = cases.c.status != CaseStatus.MERGED
"""The condition that leaves out merged cases: the case they were merged into is found."""

_STUDENT = (
    students.c.id,
    students.c.number,
    students.c.given_name,
    students.c.family_name,
    students.c.programme,
)
_Student = sa.Row[int, str, str, str, str]
"""Id, number, given name, family name, programme."""


@dataclass(frozen=True, slots=True)
class FoundStudent:
    """A student that the searcher may identify, with their open or else newest case."""

    student: int
    number: str
    name: str
    programme: str
    case: int | None = None
    reference: str | None = None
    is_closed: bool = False
    """Whether they have no open case, so this one is closed."""
    is_barred: bool = False
    """Whether the reader is barred from their open case by a complaint about the reader."""
    unwatched: str = ""
    """Why Lantern can open no case for this student: no rule checks them; '' if one does."""
    home: str = ""
    """The code of the home school, where that is not one of the reader's: its cases stay there."""


@dataclass(frozen=True, slots=True)
class Search:
    """The first few students found, by family name, and how many more there are."""

    found: tuple[FoundStudent, ...]
    more: int = 0


def find_students(
    connection: sa.Connection, words: str, school_ids: Collection[int], reader: int
) -> Search:
    """Find students of these schools by number, part of a name, or reference of a case.

    Only students and cases that ``reader`` may know about are found.
    """
    if (meant := _by_reference(connection, words, school_ids, reader)) is not None:
        return Search((meant,))
    rows = _matching(connection, words, school_ids)
    shown = rows[:MOST]
    who = [row.id for row in shown]
    is_open = _cases(connection, who, school_ids, reader, CASE_IS_OPEN)
    newest = _cases(connection, who, school_ids, reader, _IS_TOLD) | is_open
    elsewhere = _homes_elsewhere(connection, who, school_ids)
    barred = _barred_from(connection, who, school_ids, reader)
    found = (
        FoundStudent(row.id, row.number, _name(row), row.programme, is_barred=True)
        if row.id in barred
        else FoundStudent(
            row.id,
            row.number,
            _name(row),
            row.programme,
            *newest[row.id],
            row.id not in is_open,
        )
        if row.id in newest
        else FoundStudent(
            row.id,
            row.number,
            _name(row),
            row.programme,
            home=elsewhere.get(row.id, ""),
        )
        for row in shown
    )
    return Search(tuple(found), len(rows) - len(shown))


def _by_reference(
    connection: sa.Connection, words: str, school_ids: Collection[int], reader: int
) -> FoundStudent | None:
    """Return the student of the case with this reference, if the reader may know it."""
    case = case_id_of(connection, words)
    if case is None:
        return None
    row = connection.execute(
        sa.select(*_STUDENT)
        .join(cases, cases.c.student_id == students.c.id)
        .where(cases.c.id == case, students.c.erased_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    known = _cases(connection, [row.id], school_ids, reader, cases.c.id == case)
    if row.id not in known:
        return None
    return FoundStudent(row.id, row.number, _name(row), row.programme, *known[row.id])


def cases_meant(
    connection: sa.Connection, words: str, school_ids: Collection[int], reader: int
) -> list[tuple[int, str]]:
    """Return (case, reference) of each student that may match: the open case, or the newest."""
    who = [row.id for row in _matching(connection, words, school_ids)]
    newest = _cases(connection, who, school_ids, reader, _IS_TOLD) | _cases(
        connection, who, school_ids, reader, CASE_IS_OPEN
    )
    return sorted(newest.values())


def _matching(connection: sa.Connection, words: str, school_ids: Collection[int]) -> list[_Student]:
    """Match in Python, not in the database: SQLite folds only English capital letters."""
    wanted = folded(words)
    here = students.c.home_school_id.in_(school_ids) | students.c.id.in_(
        sa.select(contributing_schools.c.student_id).where(
            contributing_schools.c.school_id.in_(school_ids)
        )
    )
    rows = connection.execute(
        sa.select(*_STUDENT)
        .where(here, students.c.erased_at.is_(None))
        .order_by(students.c.family_name, students.c.given_name, students.c.id)
    )
    return [
        row
        for row in rows
        if wanted and (wanted == folded(row.number) or wanted in folded(_name(row)))
    ]


def _cases(
    connection: sa.Connection,
    who: Iterable[int],
    school_ids: Collection[int],
    reader: int,
    which: sa.ColumnElement[bool],
) -> dict[int, tuple[int, str]]:
    """Map students to (case, reference), the newest of those in these schools.

    Left out are deleted cases, those of other schools, and those from which a complaint about the
    reader bars them.
    """
    rows = connection.execute(
        sa.select(cases.c.student_id, cases.c.id, cases.c.reference)
        .where(
            cases.c.student_id.in_(list(who)),
            cases.c.school_id.in_(school_ids),
            cases.c.erased_at.is_(None),
            ~_barred(reader),
            which,
        )
        .order_by(cases.c.id)
    )
    return {student: (case, reference) for student, case, reference in rows}


def _barred(reader: int) -> sa.Exists:
    """Return the condition that an open complaint about the reader bars them from a case."""
    about = cases.alias("about")
    return (
        sa.exists()
        .where(about.c.student_id == cases.c.student_id, about.c.id <= cases.c.id)
        .where(complaints.c.case_id == about.c.id, complaints.c.about_id == reader)
        .where(complaints.c.resolved_at.is_(None))
    )


def _barred_from(
    connection: sa.Connection, who: Iterable[int], school_ids: Collection[int], reader: int
) -> frozenset[int]:
    """Return the students whose open case in these schools the reader may not know of."""
    rows = connection.execute(
        sa.select(cases.c.student_id).where(
            cases.c.student_id.in_(list(who)),
            cases.c.school_id.in_(school_ids),
            CASE_IS_OPEN,
            _barred(reader),
        )
    )
    return frozenset(rows.scalars())


def is_with_a_colleague(
    connection: sa.Connection, words: str, school_ids: Collection[int], reader: int
) -> bool:
    """Return whether a complaint bars the reader from the open case of every matching student."""
    who = [row.id for row in _matching(connection, words, school_ids)]
    return bool(who) and set(who) == _barred_from(connection, who, school_ids, reader)


def _homes_elsewhere(
    connection: sa.Connection, who: Iterable[int], school_ids: Collection[int]
) -> dict[int, str]:
    """Map students at home in none of these schools to the code of their home school."""
    rows = connection.execute(
        sa.select(students.c.id, schools.c.code)
        .join(schools, schools.c.id == students.c.home_school_id)
        .where(students.c.id.in_(list(who)), students.c.home_school_id.not_in(school_ids))
    )
    return {row.id: row.code for row in rows}


def _name(row: _Student) -> str:
    return f"{row.given_name} {row.family_name}"
