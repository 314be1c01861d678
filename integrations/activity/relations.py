"""The relations that the measures are taken of, as tables and views of one workspace.

Schools, modules, families and sources are enumerations here rather than text: six million rows are
grouped by them, and this halves both the time and the memory that takes.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import duckdb

from integrations.activity.errors import LakeError
from integrations.activity.scratch_database import KEPT_ROWS, ScratchDatabase, path_literal
from store.rules.flag_rules.base import NET_TYPES, Criterion
from store.rules.model import MarkerFamily

_COLUMN = {dt.date: "DATE", float: "DOUBLE", int: "BIGINT"}


def _column(kind: Any) -> str:
    """The column type of a net's field: of ``date | None``, that of ``date``."""
    (plain,) = set(get_args(kind) or (kind,)) - {NoneType}
    return _COLUMN[plain]


_CRITERION = {name: _column(kind) for name, kind in NET_TYPES.items()}

_NOTHING = (
    "(SELECT CAST(NULL AS BIGINT) AS student, '' AS module, '' AS family, '' AS item, "
    "0 AS expected, 0 AS done, '' AS filename WHERE false)"
)


@dataclass(frozen=True, slots=True)
class AgreedSource:
    """A school has agreed that this source may count for this family on its modules."""

    school: str
    family: MarkerFamily
    source: str


def enrolments_table(
    work: ScratchDatabase, roster: Path, day: dt.date, back: Mapping[int, dt.date] | None = None
) -> None:
    """Make ``enrolments``: who is on which module on ``day``. Raises ``LakeError`` without a
    roster.

    ``back`` are students who were exempt until lately, and the first day that counts of them
    again: as if they had joined on it, so that nothing earlier is missed.
    """
    if not roster.exists():
        raise LakeError("There is no roster in the lake yet: write it before screening.")
    file = {"roster": path_literal(roster, quoted=False)}
    returned = (back or {}).items()
    work.table("back", {"student": "BIGINT", "since": "DATE"}, returned)
    (modules, homes, others) = work.con.execute(
        "SELECT list(DISTINCT module), list(DISTINCT home_school), list(DISTINCT module_school) "
        "FROM read_parquet($roster)",
        file,
    ).fetchall()[0]
    _enumeration(work.con, "module_name", modules or ())
    _enumeration(work.con, "school_name", {*(homes or ()), *(others or ())})
    work.con.execute(
        "CREATE TABLE enrolments AS WITH active AS ("
        "SELECT student, CAST(module AS module_name) AS module, "
        "greatest(starts, coalesce(back.since, starts)) AS starts, "
        "CAST(home_school AS school_name) AS home_school, "
        "CAST(module_school AS school_name) AS module_school FROM read_parquet($roster) "
        "LEFT JOIN back USING (student) WHERE starts <= $day AND coalesce(ends, $day) >= $day) "
        "SELECT student, module, any_value(home_school) AS home_school, "
        "any_value(module_school) AS module_school, min(starts) AS starts, "
        "any_value(enrolled_since) AS enrolled_since FROM active "
        "JOIN (SELECT student, min(starts) AS enrolled_since FROM active GROUP BY student) "
        "USING (student) GROUP BY student, module",
        file | {"day": day},
    )


def criteria_table(work: ScratchDatabase, criteria: Mapping[str, Criterion]) -> None:
    """Make ``criteria``: the net of each school that has anyone to do with the enrolments."""
    work.table(
        "criteria_of_all",
        {"school": "VARCHAR", **_CRITERION},
        (
            (school, *(getattr(criterion, name) for name in _CRITERION))
            for school, criterion in criteria.items()
        ),
    )
    work.con.execute(
        "CREATE OR REPLACE TABLE criteria AS "
        "SELECT * REPLACE (TRY_CAST(school AS school_name) AS school) FROM criteria_of_all"
    )


def source_tables(
    work: ScratchDatabase, agreed: Collection[AgreedSource], delivered: Mapping[str, dt.date]
) -> None:
    """Make ``agreed`` and ``delivered``, of the sources that have ever delivered."""
    con = work.con
    _enumeration(con, "source_name", delivered)
    _enumeration(con, "family_name", MarkerFamily)
    work.table("delivered", {"source": "source_name", "fresh": "DATE"}, delivered.items())
    work.table(
        "agreed_by_all",
        {"school": "VARCHAR", "family": "family_name", "source": "source_name"},
        {(each.school, each.family, each.source) for each in agreed if each.source in delivered},
    )
    con.execute(
        "CREATE OR REPLACE TABLE agreed AS "
        "SELECT * REPLACE (TRY_CAST(school AS school_name) AS school) FROM agreed_by_all"
    )


def rows_of(work: ScratchDatabase, variable: str, files: Iterable[Path]) -> str:
    """SQL for the rollup rows of these files, which go by way of a variable of the workspace.

    A small school's files are opened once in a process, and their rows kept for whatever asks
    for them next: opening some hundred files takes longer than all that is then asked of them.
    """
    paths = list(files)
    if not paths:
        return _NOTHING
    if work.keep_rows(paths):
        work.con.execute(f"SET VARIABLE {variable} = $files", {"files": [str(p) for p in paths]})
        wanted = f"(SELECT unnest(getvariable('{variable}')) AS filename)"
        return f"(SELECT * FROM {KEPT_ROWS} SEMI JOIN {wanted} AS wanted USING (filename))"
    patterns = [path_literal(path, quoted=False) for path in paths]
    work.con.execute(f"SET VARIABLE {variable} = $files", {"files": patterns})
    return f"read_parquet(getvariable('{variable}'), filename = true)"


EXTENSIONS = "extensions"
"""The family under which the lake keeps that work is due later for someone: no marker of its
own, so no measure sees it. ``item`` is the work and the new day, with ``EXTENDED_TO`` between."""

EXTENDED_TO = "\x1f"
"""No title has it, since the feed takes none with control characters."""


EXCUSES = "excuses"
"""The family under which the lake keeps that something was not expected of someone after all.
``item`` is the family, the session or piece of work ('' for all) and the last day."""


def early_view(work: ScratchDatabase, files: Iterable[Path]) -> None:
    """Make ``early``: work that arrived on the days of these files, in the columns of ``activity``.

    These are the days before those of ``activity``. When a piece of work was set is not known, so
    there is no day on which it cannot have been handed in.
    """
    rows = rows_of(work, "early_files", files)
    work.con.execute(
        "CREATE OR REPLACE VIEW early AS SELECT student, "
        "TRY_CAST(module AS module_name) AS module, TRY_CAST(family AS family_name) AS family, "
        "item, expected, done, "
        "CAST(parse_filename(parse_dirpath(filename)) AS source_name) AS source, "
        f"CAST(parse_filename(filename, true) AS DATE) AS day FROM {rows} "
        "WHERE family = 'submissions' AND done > 0"
    )


def extensions_table(work: ScratchDatabase, files: Iterable[Path]) -> None:
    """Make ``extensions``: until when a piece of work is due for a student, the latest said so far.

    ``files`` are of all days: more time can be agreed long before the work is due.
    """
    rows = rows_of(work, "files", files)
    work.con.execute(
        "CREATE OR REPLACE TABLE extensions AS SELECT student, "
        "TRY_CAST(module AS module_name) AS module, split_part(item, $mark, 1) AS item, "
        "MAX(TRY_CAST(split_part(item, $mark, 2) AS DATE)) AS until, "
        "CAST(parse_filename(parse_dirpath(filename)) AS source_name) AS source "
        f"FROM {rows} WHERE family = $family GROUP BY ALL",
        {"mark": EXTENDED_TO, "family": EXTENSIONS},
    )


def stated_view(
    work: ScratchDatabase,
    files: Iterable[Path],
    *,
    someone_is_back: bool = False,
    met: Collection[tuple[int, dt.date]] = (),
) -> None:
    """Make ``delivered_rows`` and ``stated``: the rollup rows of these files, with source and day.

    ``unknown_people`` takes from ``stated`` what was expected on unknown days, and
    ``excuses.waive`` makes ``activity`` of it.

    Modules without enrolments become NULL, and so belong to no one. Nothing was expected
    of anyone before the day that they were back (see ``enrolments_table``). ``met`` are (student,
    day) of meetings that colleagues logged: rows like those of each agreed source of meetings.
    """
    rows = rows_of(work, "files", files)
    expected, joined = "expected", ""
    if someone_is_back:
        # Only then: a join of everything that anyone did takes its time.
        joined = " LEFT JOIN back USING (student)"
        expected = (
            "CASE WHEN CAST(parse_filename(filename, true) AS DATE) < back.since "
            "THEN 0 ELSE expected END AS expected"
        )
    work.table("met", {"student": "BIGINT", "day": "DATE"}, met)
    logged = _MET if met else ""
    selected = (
        "SELECT student, TRY_CAST(module AS module_name) AS module, "
        f"TRY_CAST(family AS family_name) AS family, item, {expected}, done, "
        "CAST(parse_filename(parse_dirpath(filename)) AS source_name) AS source, "
        f"CAST(parse_filename(filename, true) AS DATE) AS day FROM {rows}{joined}{logged}"
    )
    if KEPT_ROWS in rows:
        # They are few, and asked for again and again.
        work.con.execute(f"CREATE OR REPLACE TABLE few_rows AS {selected}")
        selected = "FROM few_rows"
    work.con.execute(f"CREATE OR REPLACE VIEW delivered_rows AS {selected}")
    work.con.execute("CREATE OR REPLACE VIEW stated AS FROM delivered_rows")


_MET = (
    " UNION ALL SELECT met.student, enrolments.module, agreed.family, NULL, 0, 1, agreed.source, "
    "met.day FROM met JOIN enrolments ON enrolments.student = met.student "
    "JOIN agreed ON agreed.school = enrolments.module_school "
    f"AND agreed.family = '{MarkerFamily.MEETINGS}'"
)


def _enumeration(con: duckdb.DuckDBPyConnection, name: str, values: Iterable[str]) -> None:
    """Create an enumeration of these values. DuckDB refuses an empty one, so '' is in it."""
    con.execute("SET VARIABLE names = $names", {"names": sorted({"", *values})})
    con.execute(f"CREATE OR REPLACE TYPE {name} AS ENUM (SELECT unnest(getvariable('names')))")
