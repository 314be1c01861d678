"""Write every table to a sealed file of JSON lines, and read it back; SQLite and PostgreSQL alike.

Both happen in the caller's transaction, so that all files show the same moment and a restore is
complete or has no effect.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import seal_of
from store.tables import metadata

_AT_ONCE = 500
"""Rows that are read or written together."""


def write_tables(
    connection: sa.Connection,
    folder: Path,
    only: Iterable[sa.Table] = (),
    without: Iterable[str] = (),
) -> dict[str, int]:
    """Write each table into a file of an existing folder, sealed by ENCRYPTION_KEY; returns name →
    row count.

    Tables ``without`` which a backup is made have no file, and no rows.
    """
    left_out = frozenset(without)
    return {
        table.name: 0
        if table.name in left_out
        else _write(connection, table, table_file(folder, table.name))
        for table in only or metadata.sorted_tables
    }


def replace_tables(connection: sa.Connection, folder: Path) -> dict[str, int]:
    """Replace all rows of the tables by those in the files; returns name → row count.

    The files are those of ``write_tables``, of a database at the same migration step.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    for table in reversed(metadata.sorted_tables):
        connection.execute(sa.delete(table))
    found = {}
    for table in metadata.sorted_tables:
        count = 0
        rows = read_rows(connection, folder, table)
        while part := list(islice(rows, _AT_ONCE)):
            connection.execute(sa.insert(table), part)
            count += len(part)
        found[table.name] = count
    renumber(connection)
    return found


def table_file(folder: Path, name: str) -> Path:
    """Return the file of a table. Each of its lines seals many rows."""
    return folder / f"{name}.sealed"


def read_rows(connection: sa.Connection, folder: Path, table: sa.Table) -> Iterator[dict[str, Any]]:
    """Yield a table's rows from its file, typed as its columns; none if there is no file.

    Raises ``SealBroken`` where no key of this process opens it.
    """
    path = table_file(folder, table.name)
    if not path.exists():
        return
    types = {column.name: _reader(column) for column in table.columns}
    seal = seal_of(connection)
    with path.open("rb") as parts:
        for part in parts:
            for row in json.loads(zlib.decompress(seal.open_bytes(part.rstrip(b"\n")))):
                yield {name: types[name](value) for name, value in row.items()}


def _write(connection: sa.Connection, table: sa.Table, path: Path) -> int:
    keys = list(table.primary_key.columns)
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        sa.select(table).order_by(*keys)
    )
    seal, count = seal_of(connection), 0
    with path.open("xb") as out:
        for part in rows.mappings().partitions(_AT_ONCE):
            lines = json.dumps([_packed(row) for row in part], ensure_ascii=False)
            out.write(seal.close_bytes(zlib.compress(lines.encode())) + b"\n")
            count += len(part)
    return count


def _packed(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(name): value.isoformat() if isinstance(value, dt.date | dt.time) else value
        for name, value in row.items()
    }


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    read: Callable[[Any], Any] | None = {
        sa.DateTime: dt.datetime.fromisoformat,
        sa.Date: dt.date.fromisoformat,
        sa.Time: dt.time.fromisoformat,
    }.get(type(kind))
    if read is None:
        return lambda value: value
    return lambda value: None if value is None else read(value)


def renumber(connection: sa.Connection) -> None:
    """Advance PostgreSQL's sequences past rows that were inserted with numbers of their own.

    Otherwise the next row without one would get a number that is taken.
    """
    if connection.dialect.name == "sqlite":
        return  # it looks for the largest number itself
    for table in metadata.sorted_tables:
        (first, *more) = table.primary_key.columns
        if more or not isinstance(first.type, sa.Integer):
            continue
        name = connection.execute(
            sa.select(sa.func.pg_get_serial_sequence(table.name, first.name))
        ).scalar_one()
        if name:
            newest = sa.select(sa.func.coalesce(sa.func.max(first), 0) + 1).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(name, newest, False)))
