"""Record students' identifiers in other systems, and their changes of student number."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.rules.schools import IdentifierEntry, IdentifierKind, Roster
from store.tables import number_questions, student_identifiers, students

ROSTER_FILE = "identifiers.csv"
SAME_MAILBOX = "students.csv"


def renumber_students(work: UnitOfWork, roster: Roster, actor: str) -> None:
    """Give students their new numbers; the old ones stay as identifiers of the same people."""
    for old, new in roster.renumbered:
        row = work.connection.execute(
            sa.update(students)
            .where(students.c.number == old)
            .values(number=new)
            .returning(students.c.id)
        ).first()
        if row is None:
            continue
        earlier = IdentifierEntry(new, IdentifierKind.STUDENT_NUMBER, old)
        _replace(work, row.id, earlier, SAME_MAILBOX)
        work.record(actor, "renumber-student", f"student:{row.id}")


def record_identifiers(work: UnitOfWork, roster: Roster, ids: Mapping[str, int]) -> None:
    """Save a delivery's identifiers; a known one gets its new dates.

    ``ids`` are students by number, old numbers included.
    """
    for each in roster.identifiers:
        if each.number in ids:
            _replace(work, ids[each.number], each, ROSTER_FILE)


def record_questions(work: UnitOfWork, roster: Roster, ids: Mapping[str, int]) -> None:
    """Record which students' numbers are ambiguous, and settle those that are no longer."""
    open_ = number_questions.c.settled_at.is_(None)
    known = {
        (row.student_id, row.number): row.id
        for row in work.connection.execute(sa.select(number_questions).where(open_))
    }
    asked = {(ids[number], other) for number, other in roster.questions if number in ids}
    told = {each.number for each in roster.students} | {each.value for each in roster.identifiers}
    for key, question in known.items():
        if key[1] in told and key not in asked:
            work.connection.execute(
                sa.update(number_questions)
                .where(number_questions.c.id == question)
                .values(settled_at=work.now)
            )
    for student, other in sorted(asked - known.keys()):
        work.connection.execute(
            sa.insert(number_questions).values(student_id=student, number=other, at=work.now)
        )


def _replace(work: UnitOfWork, student: int, entry: IdentifierEntry, source: str) -> None:
    named = {"kind": entry.kind, "system": entry.system, "value": entry.value}
    same = sa.and_(
        student_identifiers.c.student_id == student,
        *(student_identifiers.c[name] == value for name, value in named.items()),
    )
    values = {"first": entry.first, "last": entry.last, "source": source}
    changed = work.connection.execute(
        sa.update(student_identifiers)
        .where(same)
        .values(values)
        .returning(student_identifiers.c.id)
    ).first()
    if changed is None:
        work.connection.execute(
            sa.insert(student_identifiers).values(
                student_id=student, at=work.now, **named, **values
            )
        )
