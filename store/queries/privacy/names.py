"""Name what stands behind ids, and everyone but one student, for the copy of their data (§28)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from store.rules.students.third_parties import TakenOut, ThirdParties, contacts_taken_out
from store.tables import (
    cases,
    channels,
    enrolments,
    modules,
    policies,
    schools,
    staff,
    staff_roles,
    students,
)

_INTERNAL = {"id", "key", "mark", "idem_key", "version", "group_key", "weeks_until", "attempts"}
_INTERNAL |= {"conversation", "message", "message_id", "provider_ref", "lease_by", "lease_until"}
_INTERNAL |= {"content_hash", "opened_hash", "body_hash", "evidence_hash"}
_INTERNAL |= {"about", "drafted_on", "opened_on", "stopped", "thread"}
"""Columns that say something of how Lantern works, or hold numbers of rows, and nothing of the
student."""

ANOTHER_STUDENT = "another student"

_COLLEAGUES = {"writers"}
"""Columns that list colleagues by their ids, to which no foreign key points."""


def colleagues_by_role(connection: sa.Connection) -> dict[int, str]:
    """Map colleagues to how a student sees them, such as ``a colleague (adviser)``."""
    roles: dict[int, str] = {}
    for row in connection.execute(sa.select(staff_roles).order_by(staff_roles.c.role)):
        roles.setdefault(row.staff_id, f"a colleague ({row.role.replace('-', ' ')})")
    everyone = connection.execute(sa.select(staff.c.id)).scalars()
    return {each: roles.get(each, "a colleague") for each in everyone}


def other_people(
    connection: sa.Connection, student: int, called: Mapping[int, str]
) -> ThirdParties:
    """Return everyone but this student; ``called`` has what stands for a colleague, by id."""
    people = connection.execute(sa.select(staff.c.id, staff.c.name, staff.c.email)).all()
    named = {word: called[each.id] for each in people for word in (each.name, each.email)}
    for other in _others(connection, student):
        full = f"{other.given_name} {other.family_name}"
        for word in (full, other.number, other.university_email, other.personal_email):
            named[word] = ANOTHER_STUDENT
    # An address that siblings share, or a name that two students have, is this student's own.
    own = _own(connection, student)
    mine = {word.casefold() for word in own}
    others = {word: who for word, who in named.items() if word.casefold() not in mine}
    near = [each.name for each in people] + _class_mates(connection, student)
    return ThirdParties(others, own, near)


def without_others(others: ThirdParties, text: str) -> tuple[str, tuple[TakenOut, ...]]:
    """Return what a person wrote without other people: those known, and every address and telephone
    number; and what was taken out."""
    plain, known = others.taken_out(text)
    plain, contacts = contacts_taken_out(plain, others.own)
    return plain, known + contacts


class Names:
    """The names behind ids, and the names of everyone but this student."""

    def __init__(self, connection: sa.Connection, student: int) -> None:
        self.colleagues = colleagues_by_role(connection)
        self._names: dict[sa.Table, dict[int, str]] = {
            cases: _pairs(connection, cases.c.id, cases.c.reference),
            schools: _pairs(connection, schools.c.id, schools.c.name),
            modules: _pairs(connection, modules.c.id, modules.c.title),
            channels: _pairs(connection, channels.c.id, channels.c.name),
            policies: {
                each.id: f"version {each.version}"
                for each in connection.execute(sa.select(policies.c.id, policies.c.version))
            },
        }
        self.titles = titles_of_modules(connection)
        self.others = other_people(connection, student, self.colleagues)

    def column(self, column: sa.Column[Any], value: Any) -> tuple[str | None, Any]:
        """Return the column's name and value for a reader; (None, None) for a bare id, or where it
        says nothing of the student. A module is named by its title."""
        is_bare = column.name.endswith("_id") and isinstance(value, int)
        if column.name in _INTERNAL or (is_bare and not column.foreign_keys):
            return None, None
        for key in column.foreign_keys:
            return self._behind(key.column.table, column.name, value)
        if column.name == "module":
            return column.name, self.titles.get(value, value)
        if column.name in _COLLEAGUES:
            return column.name, [self._colleague(each) for each in value]
        return column.name, value

    def _behind(self, table: sa.Table, column: str, value: Any) -> tuple[str | None, Any]:
        name = column.removesuffix("_id").removesuffix("_staff")
        if table is staff:
            return name, self._colleague(value)
        if table in self._names:
            return name, self._names[table].get(value, "")
        return None, None

    def _colleague(self, person: int) -> str:
        return self.colleagues.get(person, "a former colleague")


def titles_of_modules(connection: sa.Connection) -> dict[str, str]:
    """Map each module's code to ``Title (CODE)``."""
    rows = connection.execute(sa.select(modules.c.code, modules.c.title))
    return {row.code: f"{row.title} ({row.code})" for row in rows}


def _pairs(connection: sa.Connection, key: sa.Column[Any], name: sa.Column[Any]) -> dict[int, str]:
    return {row[0]: row[1] for row in connection.execute(sa.select(key, name))}


def _class_mates(connection: sa.Connection, student: int) -> list[str]:
    """Return the full names of the students who are or were on a module with this one."""
    modules_of = sa.select(enrolments.c.module_id).where(enrolments.c.student_id == student)
    rows = connection.execute(
        sa.select(students.c.given_name, students.c.family_name)
        .join(enrolments, enrolments.c.student_id == students.c.id)
        .where(enrolments.c.module_id.in_(modules_of), students.c.id != student)
        .distinct()
    )
    return [f"{row.given_name} {row.family_name}" for row in rows]


def _own(connection: sa.Connection, student: int) -> tuple[str, ...]:
    """Return the student's own name, number and addresses."""
    row = connection.execute(sa.select(students).where(students.c.id == student)).one()
    full = f"{row.given_name} {row.family_name}"
    return full, row.number, row.university_email, row.personal_email


def _others(connection: sa.Connection, student: int) -> Iterator[Any]:
    yield from connection.execute(
        sa.select(students).where(students.c.id != student, students.c.erased_at.is_(None))
    )
