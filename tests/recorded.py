"""Queries by name for the people and rows of a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.db.student_keys import open_all, open_notes
from store.db.unit_of_work import Store
from store.rules.cases.case import Case, Outreach
from store.tables import metadata, schools, staff, students
from tests.people import LANGUAGES

_EVERYTHING = {
    table.name: sa.select(table).order_by(*table.primary_key) for table in metadata.sorted_tables
}
"""Table → the query for all its rows. Building these queries takes as long as running them."""


@dataclass
class Recorded:
    """A store and the rows in it.

    People are called by their given name in small letters: ``world.staff("alice")``.
    """

    store: Store

    def school(self, code: str = LANGUAGES) -> int:
        return self._id(sa.select(schools.c.id).where(schools.c.code == code))

    def staff(self, name: str) -> int:
        return self._id(sa.select(staff.c.id).where(staff.c.email == f"{name}@example.ac.uk"))

    def student(self, name: str) -> int:
        return self._id(sa.select(students.c.id).where(students.c.given_name == name.title()))

    def case(self, case: int) -> Case:
        with self.store.database.read() as connection:
            return repository.case(connection, case)

    def draft(self, case: int) -> Outreach:
        """Return the case's draft, which must exist."""
        with self.store.database.read() as connection:
            found = repository.current_draft(connection, case)
        assert found
        return found

    def mail(self, outreach_id: int) -> Outreach:
        with self.store.database.read() as connection:
            return repository.outreach_by_id(connection, outreach_id)

    def rows(self, table: sa.Table, **where: object) -> list[dict[str, Any]]:
        """Return the rows whose columns have these values, in the order of the key; words that a
        student's key sealed are opened."""
        query = sa.select(table).order_by(*table.primary_key)
        with self.store.database.read() as connection:
            rows = [_opened(connection, row) for row in connection.execute(query).mappings()]
        return [row for row in rows if all(row[name] == value for name, value in where.items())]

    def answers(self) -> list[str]:
        """Return the decrypted words of every answer, in the order in which they were recorded."""
        replies = metadata.tables["replies"]
        query = sa.select(replies.c.body).order_by(replies.c.id)
        with self.store.database.read() as connection:
            return open_all(connection, list(connection.execute(query).scalars()))

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Return all stored rows."""
        with self.store.database.read() as connection:
            return {
                name: [dict(row) for row in connection.execute(query).mappings()]
                for name, query in _EVERYTHING.items()
            }

    def _id(self, query: sa.Select[Any]) -> int:
        with self.store.database.read() as connection:
            return int(connection.execute(query).scalar_one())


def _opened(connection: sa.Connection, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        name: open_notes(connection, [value])[0] if isinstance(value, str) else value
        for name, value in row.items()
    }
