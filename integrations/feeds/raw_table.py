"""A delivered file as the relation ``raw`` of a workspace, ready to be judged by SQL.

``raw`` has ``line`` (the physical line; in Parquet the row, from 1) and the columns asked for.
CSV columns are text, and NULL where empty; Parquet columns keep their types, but for those that
are names. ``day_of(x)`` is a macro that gives the calendar day, in London, of the file's times.

A well-formed CSV file is read by DuckDB, which knows the line of a row as long as every row is
one line. Any other is read once more, carefully, by Python. The judging SQL is the same.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.activity.scratch_database import Workspace
from integrations.feeds.csv_tables import Header, Rejections, TextTable, first_record, read_header
from integrations.feeds.text_files import FeedError, count_plain_lines

# Only a time with an offset needs the time zones' rules, which are slow; TIMESTAMP ignores offsets.
_TEXT_DAY = """
CREATE OR REPLACE MACRO day_of(x) AS CASE
    WHEN x NOT LIKE '____-__-__%' THEN NULL
    WHEN length(x) = 10 THEN TRY_CAST(x AS DATE)
    WHEN contains(x, 'Z') OR contains(x, '+') OR x LIKE '____-__-__%-%'
    THEN CAST(TRY_CAST(x AS TIMESTAMPTZ) AS DATE)
    ELSE CAST(TRY_CAST(x AS TIMESTAMP) AS DATE)
END
"""
_TYPED_DAY = "CREATE OR REPLACE MACRO day_of(x) AS CAST(x AS DATE)"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    typed: frozenset[str] = frozenset()
    """Columns that may be numbers or times in Parquet; all others are made text."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, in order."""
        return self.required + self.optional


def read_quickly(work: Workspace, path: Path, layout: Layout) -> int | None:
    """Make ``raw`` a view of the file; None where only a careful reading can tell.

    Returns how many rows ``raw`` has if its ``line`` is to be trusted. Errors in the body come
    up as ``duckdb.InvalidInputException`` when ``raw`` is read. Raises ``FeedError`` where the
    file is not there, or its columns are not the right ones.
    """
    if path.suffix == ".parquet":
        return _view_parquet(work, path, layout)
    record = first_record(path)
    header = read_header(path.name, record.fields, layout.required, layout.optional)
    lines = count_plain_lines(path)
    if lines is None:
        return None
    columns = {f"c{at}": "VARCHAR" for at in range(header.width)}
    work.con.execute(_TEXT_DAY)
    work.con.execute(
        f"CREATE OR REPLACE TEMP VIEW raw AS SELECT {_picked(header, layout, record.line)} "
        f"FROM read_csv('{_quoted(path)}', header = false, skip = {record.line}, "
        "auto_detect = false, delim = ',', quote = '\"', escape = '\"', strict_mode = true, "
        f"columns = {columns})"
    )
    return lines - record.line


def read_carefully(work: Workspace, path: Path, layout: Layout, rejections: Rejections) -> int:
    """Make ``raw`` a table of every row that is a row, and collect those that are none.

    Returns how many lines were not UTF-8 and were read as Windows-1252.
    """
    table = TextTable(path, layout.required, layout.optional, rejections)
    work.con.execute("DROP VIEW IF EXISTS raw")
    work.con.execute(_TEXT_DAY)
    work.table(
        "raw",
        {"line": "BIGINT"} | dict.fromkeys(layout.columns, "VARCHAR"),
        ((line, *values) for line, values in table),
    )
    return table.guessed


def _view_parquet(work: Workspace, path: Path, layout: Layout) -> int:
    source = f"read_parquet('{_quoted(path)}', file_row_number = true)"
    try:
        types = {
            str(name): str(kind)
            for name, kind, *_ in work.con.execute(f"DESCRIBE FROM {source}").fetchall()
        }
        (rows,) = work.con.execute(f"SELECT count(*) FROM {source}").fetchall()[0]
    except duckdb.Error:
        raise FeedError(f"{path.name} cannot be read as Parquet: fetch it again.") from None
    read_header(path.name, list(types), layout.required, layout.optional)
    columns = ", ".join(_parquet_column(name, types, layout) for name in layout.columns)
    temporal = any(types.get(name, "").startswith(("DATE", "TIMESTAMP")) for name in layout.typed)
    work.con.execute(_TYPED_DAY if temporal else _TEXT_DAY)
    work.con.execute(
        f"CREATE OR REPLACE TEMP VIEW raw AS "
        f"SELECT file_row_number + 1 AS line, {columns} FROM {source}"
    )
    return int(rows)


def _parquet_column(name: str, types: dict[str, str], layout: Layout) -> str:
    if name not in types:
        return f'CAST(NULL AS VARCHAR) AS "{name}"'
    return f'"{name}"' if name in layout.typed else f'CAST("{name}" AS VARCHAR) AS "{name}"'


def _picked(header: Header, layout: Layout, above: int) -> str:
    values = (
        f'{"NULL" if at is None else f"c{at}"} AS "{name}"'
        for name, at in zip(layout.columns, header.places, strict=True)
    )
    return ", ".join([f"row_number() OVER () + {above} AS line", *values])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
