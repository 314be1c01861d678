"""Fill every table that depends on a student with one row, and mark each text with a word.

The tables are found from the schema, so a new table is covered without a change here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import sqlalchemy as sa

from store.db import dependents as reach
from store.tables import cases, metadata, students

CANARY = "Kanarienvogel"
_AT = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
_DAY = dt.date(2025, 10, 22)


def stands_in(word: str, text: str) -> bool:
    """Return whether the word stands in the text as a word of its own. Digests and sealed texts may
    contain any letters by chance."""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return re.search(rf"(?<!\w){re.escape(word)}{after}", text) is not None


def hanging() -> list[sa.Table]:
    """Return every table that depends on a student through foreign keys, parents first."""
    found = {students}
    for table in metadata.sorted_tables:
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return [table for table in metadata.sorted_tables if table in found]


def fill(connection: sa.Connection, student: int, case: int) -> list[str]:
    """Insert the rows and return the tables that now have one."""
    about: dict[sa.Table, int] = {students: student, cases: case}
    for table in hanging():
        if table not in about:
            _insert(connection, table, about)
    return [table.name for table in hanging()]


def _insert(connection: sa.Connection, table: sa.Table, about: dict[sa.Table, int]) -> None:
    row = {
        column.name: _pointing(connection, column, about)
        if column.foreign_keys
        else _value(table, column)
        for column in table.c
        if column.name not in ("id", "erased_at")
    }
    made = connection.execute(sa.insert(table).values(row))
    if "id" in table.c:
        (about[table],) = made.inserted_primary_key or (0,)


def _pointing(
    connection: sa.Connection, column: sa.Column[Any], about: dict[sa.Table, int]
) -> int | None:
    """Return the row to point to: the student's where there is one, else any, made if need be."""
    (key,) = column.foreign_keys
    parent = key.column.table
    if parent not in about:
        found: int | None = connection.execute(sa.select(sa.func.max(key.column))).scalar_one()
        if found is not None or column.nullable:
            return found
        _insert(connection, parent, about)
    return about[parent]


def _value(table: sa.Table, column: sa.Column[Any]) -> Any:
    # Enumerated values, such as the status of an email, hold no personal data.
    # Nor do rows that had to be made to be pointed to, such as a school's channel.
    about_nobody = table not in hanging()
    kept = about_nobody or column.name in {"state", "status", *reach.KEPT.get(table, ())}
    word = "kept" if kept else f"{CANARY} {table.name}.{column.name}"
    values: tuple[tuple[type, Any], ...] = (
        (sa.JSON, [] if kept else [word]),
        (sa.Text, word),
        (sa.Boolean, True),
        (sa.Integer, 1),
        (sa.Float, 1.0),
        (sa.Date, _DAY),
    )
    return next((value for kind, value in values if isinstance(column.type, kind)), _AT)
