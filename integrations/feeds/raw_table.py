"""Load a delivered file as the relation ``raw`` of a workspace, to be judged by SQL.

``raw`` has ``line`` (the physical line; in Parquet the row, from 1) and the requested columns as
text, NULL where empty; days that Parquet has as such stay days. The macro ``day_of(x, zone)``
returns the calendar day of a file's date or time, blanks around it or not: an instant's day in the
zone, or the written day of a time without an offset.

A well-formed CSV file is read by DuckDB, which knows a row's line as long as every row is one line.
Any other file is read again, carefully, by Python. The judging SQL is the same.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.activity.errors import is_of_the_machine
from integrations.activity.scratch_database import ScratchDatabase, path_literal
from integrations.feeds.csv_tables import (
    Header,
    Rejections,
    TextTable,
    first_record,
    guessed_lines,
    read_header,
    unknown_columns,
)
from integrations.feeds.mended_rows import read_mended
from integrations.feeds.text_files import FeedError, count_plain_lines, is_gzip

_PLAIN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
_CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
_OFFSET = r" ?([Zz]|UTC|utc|GMT|gmt|[+-][0-9]{2}(:?[0-9]{2})?)"
_EPOCH = r"[0-9]{10}([0-9]{3}){0,3}(\.0+)?"

# Only an instant needs the time zones' rules, which are slow. A cast to TIMESTAMP passes over an
# offset without a word, and one to TIMESTAMPTZ takes times without one for the session's: so each
# form is told by its looks first. Epochs are seconds, milli-, micro- or nanoseconds, which their
# lengths tell apart for three hundred years. Most times are plainly written, which is looked at
# first, since every step more for millions of rows is time.
_DAY = f"""
CREATE OR REPLACE MACRO day_of_text(x, zone) AS CASE
    WHEN length(x) = 10 AND x LIKE '____-__-__' THEN TRY_CAST(x AS DATE)
    WHEN regexp_full_match(x, '{_CLOCK}')
    THEN CAST(TRY_CAST(upper(replace(x, ',', '.')) AS TIMESTAMP) AS DATE)
    WHEN regexp_full_match(x, '{_CLOCK}{_OFFSET}')
    THEN CAST(timezone(zone, TRY_CAST(
        replace(replace(regexp_replace(upper(x), ' ?(Z|UTC|GMT)$', '+00'), ' +', '+'), ' -', '-')
        AS TIMESTAMPTZ)) AS DATE)
    WHEN regexp_full_match(x, '{_EPOCH}')
    THEN CAST(timezone(zone, make_timestamptz(CAST(
        rpad(left(split_part(x, '.', 1), 16), 16, '0') AS BIGINT))) AS DATE)
END;
CREATE OR REPLACE MACRO day_of
    (x DATE, zone) AS CASE WHEN x BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN x END,
    (x VARCHAR, zone) AS CASE
        WHEN strlen(x) > 10 AND regexp_full_match(x, '{_PLAIN}')
        THEN CAST(TRY_CAST(x AS TIMESTAMP) AS DATE)
        WHEN strlen(x) > 10 AND regexp_full_match(x, '{_PLAIN}[+-][0-9]{{2}}:[0-9]{{2}}')
        THEN CAST(timezone(zone, TRY_CAST(x AS TIMESTAMPTZ)) AS DATE)
        ELSE day_of_text(trim(x), zone) END
"""

_WHOLE = """
CREATE OR REPLACE MACRO whole_number(x) AS CASE
    WHEN regexp_full_match(x, ' *[+-]?[0-9]+([.]0+)? *')
    THEN TRY_CAST(split_part(trim(x), '.', 1) AS BIGINT)
END
"""
"""A plain cast would round 2.5 to 3."""


_INVISIBLE = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202f\u2007\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file: required ones, and optional ones.

    ``days`` are those that are read with ``day_of``, which takes text and dates.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns in their order."""
        return self.required + self.optional


def read_quickly(work: ScratchDatabase, path: Path, layout: Layout) -> int | None:
    """Make ``raw`` a view of the file, read by DuckDB; None where Python has to read it.

    Otherwise returns how many rows ``raw`` has if its ``line`` can be trusted. Errors in the body
    raise ``duckdb.InvalidInputException`` when ``raw`` is read. Raises ``FeedError`` where the file
    is not there, or its columns are not the right ones.
    """
    work.con.execute(_DAY)
    work.con.execute(_WHOLE)
    if path.suffix == ".parquet":
        return _view_parquet(work, path, layout)
    record = first_record(path)
    header = read_header(path.name, record.fields, layout.required, layout.optional)
    lines = count_plain_lines(path)
    if lines is None or any("\n" in name for name in record.fields):
        return None
    columns = {f"c{at}": "VARCHAR" for at in range(header.width)}
    work.con.execute(
        f"CREATE OR REPLACE TEMP VIEW raw AS SELECT {_picked(header, layout, record.line)} "
        f"FROM read_csv('{path_literal(path)}', header = false, skip = {record.line}, "
        f"compression = '{'gzip' if is_gzip(path) else 'none'}', "
        f"auto_detect = false, delim = '{record.separator}', quote = '\"', escape = '\"', "
        f"strict_mode = true, columns = {columns})"
    )
    return lines - record.line


def read_carefully(
    work: ScratchDatabase, path: Path, layout: Layout, rejections: Rejections
) -> list[str]:
    """Make ``raw`` a table of the well-formed rows, and collect the others in ``rejections``.

    Returns notes on the file as a whole. Where only a few lines are odd, DuckDB reads the others.
    """
    work.con.execute("DROP VIEW IF EXISTS raw")
    try:
        guessed = read_mended(work, path, layout.required, layout.optional, rejections)
    except duckdb.InvalidInputException as error:
        if is_of_the_machine(error):
            raise
        guessed = None
    if guessed is not None:
        return [guessed_lines(guessed)] if guessed else []
    work.con.execute("DROP TABLE IF EXISTS raw")
    table = TextTable(path, layout.required, layout.optional, rejections)
    work.table(
        "raw",
        {"line": "BIGINT"} | dict.fromkeys(layout.columns, "VARCHAR"),
        ((line, *values) for line, values in table),
    )
    return [guessed_lines(table.guessed)] if table.guessed else []


def unused_columns(work: ScratchDatabase, path: Path, layout: Layout) -> list[str]:
    """Return a note that names the file's unused columns, if there are any."""
    if path.suffix == ".parquet":
        found = list(_parquet_types(work, path))
    else:
        found = list(first_record(path).fields)
    header = read_header(path.name, found, layout.required, layout.optional)
    return unknown_columns(path.name, header.unknown, layout.columns)


def _parquet_types(work: ScratchDatabase, path: Path) -> dict[str, str]:
    """Return the file's columns and their types. Raises ``FeedError`` where it cannot be read."""
    try:
        found = work.con.execute(f"DESCRIBE FROM read_parquet('{path_literal(path)}')").fetchall()
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise
        raise FeedError(f"{path.name} cannot be read as Parquet: fetch it again.") from None
    return {str(name): str(kind) for name, kind, *_ in found}


def without_blanks_of_other_kinds(work: ScratchDatabase, layout: Layout) -> int:
    """Remove invisible characters and fixed blanks around values in ``raw``, as pages leave them.

    Returns how many rows had some. The student number is left as it is: ``People`` repairs it.
    """
    columns = [name for name in layout.columns if name != "student_number"]
    quoted = ", ".join(f'"{name}"' for name in columns)
    (rows,) = work.con.execute(
        f"SELECT count(*) FROM raw WHERE regexp_matches(concat_ws('|', {quoted}), '[{_INVISIBLE}]')"
    ).fetchall()[0]
    if rows:
        tidy = ", ".join(f"""trim("{name}", ' {_INVISIBLE}') AS "{name}\"""" for name in columns)
        work.con.execute(
            f"CREATE OR REPLACE TEMP TABLE tidied AS SELECT * REPLACE ({tidy}) FROM raw"
        )
        work.con.execute("CREATE OR REPLACE TEMP VIEW raw AS FROM tidied")
    return int(rows)


def read_kept(work: ScratchDatabase, path: Path, layout: Layout) -> None:
    """Make ``raw`` a view of a delivery's kept rows, which include their line numbers."""
    work.con.execute(_DAY)
    work.con.execute(_WHOLE)
    types = _parquet_types(work, path)
    columns = ", ".join(
        _value((name, types[name]), name in layout.days) + f' AS "{name}"'
        if name in types
        else f'NULL::VARCHAR AS "{name}"'
        for name in layout.columns
    )
    work.con.execute(
        f"CREATE OR REPLACE TEMP VIEW raw AS SELECT line, {columns} "
        f"FROM read_parquet('{path_literal(path)}')"
    )


def _view_parquet(work: ScratchDatabase, path: Path, layout: Layout) -> int:
    types = _parquet_types(work, path)
    source = f"read_parquet('{path_literal(path)}', file_row_number = true)"
    header = read_header(path.name, list(types), layout.required, layout.optional)
    found = list(types.items())
    columns = ", ".join(
        f'{"NULL::VARCHAR" if at is None else _value(found[at], name in layout.days)} AS "{name}"'
        for name, at in zip(layout.columns, header.places, strict=True)
    )
    try:
        (rows,) = work.con.execute(f"SELECT count(*) FROM {source}").fetchall()[0]
        work.con.execute(
            f"CREATE OR REPLACE TEMP VIEW raw AS "
            f"SELECT file_row_number + 1 AS line, {columns} FROM {source}"
        )
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise
        raise FeedError(f"{path.name} cannot be read as Parquet: fetch it again.") from None
    return int(rows)


def _value(column: tuple[str, str], is_day: bool) -> str:
    """Return SQL for a Parquet column as the text that a CSV file would have, or as a day.

    An instant keeps its offset, a time without one its own day. '' counts as empty. A day is not
    made text where ``is_day``, since to read it again would take most of a load's time.
    """
    name, kind = column
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        quoted, kind = f"CAST({quoted} AS DATE)", "DATE"
    return quoted if is_day and kind == "DATE" else f"nullif(CAST({quoted} AS VARCHAR), '')"


def _picked(header: Header, layout: Layout, above: int) -> str:
    values = (
        f'{"NULL" if at is None else f"c{at}"} AS "{name}"'
        for name, at in zip(layout.columns, header.places, strict=True)
    )
    return ", ".join([f"row_number() OVER () + {above} AS line", *values])
