"""Create the tables and views from which the measures are taken, in one workspace.

Schools, modules, families and sources are enumerations rather than text: six million rows are
grouped by them, and this halves the time and the memory.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from integrations.activity.errors import LakeError
from integrations.activity.lake_folders import source_and_day
from integrations.activity.mornings import Mornings
from integrations.activity.scratch_database import (
    KEPT_ROWS,
    OF_FILES,
    ScratchDatabase,
    file_state,
    path_literal,
)
from store.rules.flag_rules.base import NET_TYPES, Criterion
from store.rules.model import MarkerFamily
from store.rules.policies.policy import SchoolPolicy

_COLUMN = {dt.date: "DATE", float: "DOUBLE", int: "BIGINT"}


def _column(kind: Any) -> str:
    """Return the column type of a criterion's field; ``date | None`` is like ``date``."""
    (plain,) = set(get_args(kind) or (kind,)) - {NoneType}
    return _COLUMN[plain]


_CRITERION = {name: _column(kind) for name, kind in NET_TYPES.items()}

_NOTHING = (
    "(SELECT CAST(NULL AS BIGINT) AS student, '' AS module, '' AS family, '' AS item, "
    "0 AS expected, 0 AS done, '' AS filename, '' AS source, CAST(NULL AS DATE) AS day, "
    "0 AS moved "
    "WHERE false)"
)


@dataclass(frozen=True, slots=True)
class AgreedSource:
    """A source that a school has agreed to use for a family on its modules."""

    school: str
    family: MarkerFamily
    source: str


def agreed_sources(policies: Iterable[SchoolPolicy]) -> list[AgreedSource]:
    """List what these policies agree: each source, for its school and family."""
    return [
        AgreedSource(policy.school, family, source)
        for policy in policies
        for family, source in policy.agreed_sources
    ]


def enrolments_table(
    work: ScratchDatabase,
    roster: Path,
    day: dt.date,
    back: Mapping[int, dt.date] | None = None,
    mornings: Mornings | None = None,
) -> None:
    """Make ``enrolments``: who is on which module on ``day``. Raises ``LakeError`` without a
    roster.

    ``back`` maps students who were exempt until recently to the first day that counts again: as if
    they had joined on it, so that nothing earlier is missed. ``mornings`` that fall on ``day`` have
    each its own enrolments; None: it is one.
    """
    mornings = mornings or Mornings([day])
    if not roster.exists():
        raise LakeError(
            "There is no roster in the lake yet. Load one first: lantern ingest roster FOLDER."
        )
    returned = (back or {}).items()
    work.table("back", {"student": "BIGINT", "since": "DATE"}, returned)
    state = (file_state(roster), [] if mornings.is_one else [each.day for each in mornings])
    if work.made.get("roster") != state:
        _read_roster(work, roster, mornings)
        work.made["roster"] = state
    work.con.execute(
        "CREATE OR REPLACE TABLE enrolments AS WITH active AS ("
        "SELECT student, module, greatest(starts, coalesce(back.since, starts)) AS starts, "
        "home_school, module_school FROM roster "
        "LEFT JOIN back USING (student) WHERE starts <= $day AND coalesce(ends, $day) >= $day) "
        "SELECT student, module, any_value(home_school) AS home_school, "
        "any_value(module_school) AS module_school, min(starts) AS starts, "
        "any_value(enrolled_since) AS enrolled_since FROM active "
        "JOIN (SELECT student, min(starts) AS enrolled_since FROM active GROUP BY student) "
        "USING (student) GROUP BY student, module",
        {"day": day},
    )


def _read_roster(work: ScratchDatabase, roster: Path, mornings: Mornings) -> None:
    """Create ``roster``, and the enumerations of its modules and schools."""
    file = {"roster": path_literal(roster, quoted=False)}
    (modules, homes, others) = work.con.execute(
        "SELECT list(DISTINCT module), list(DISTINCT home_school), list(DISTINCT module_school) "
        "FROM read_parquet($roster)",
        file,
    ).fetchall()[0]
    mornings.create_table(work)
    work.enumeration("module_name", mornings.names(modules or ()))
    work.enumeration("school_name", mornings.names({*(homes or ()), *(others or ())}))
    work.con.execute(
        "CREATE OR REPLACE TABLE roster AS SELECT student, CAST(module AS module_name) AS module, "
        "CAST(home_school AS school_name) AS home_school, "
        "CAST(module_school AS school_name) AS module_school, starts, ends "
        f"FROM {mornings.roster('read_parquet($roster)')}",
        file,
    )


def criteria_table(work: ScratchDatabase, criteria: Mapping[str, Criterion]) -> None:
    """Create ``criteria``: the criterion of each school that occurs in the enrolments."""
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
    """Create ``agreed`` and ``delivered``, for sources that have ever delivered."""
    work.enumeration("source_name", delivered)
    work.enumeration("family_name", MarkerFamily)
    work.table("delivered", {"source": "source_name", "fresh": "DATE"}, delivered.items())
    rows = {(each.school, each.family, each.source) for each in agreed if each.source in delivered}
    if work.made.get("agreed") == rows:
        return
    work.table(
        "agreed_by_all",
        {"school": "VARCHAR", "family": "family_name", "source": "source_name"},
        rows,
    )
    work.con.execute(
        "CREATE OR REPLACE TABLE agreed AS "
        "SELECT * REPLACE (TRY_CAST(school AS school_name) AS school) FROM agreed_by_all"
    )
    work.made["agreed"] = rows


def rows_of(work: ScratchDatabase, variable: str, files: Iterable[Path]) -> str:
    """Return SQL for the rollup rows of these files, in the columns of ``OF_FILES``.

    The paths go into a workspace variable, unless their days say which rows they are.

    A small school's files are opened once in a process and their rows kept for later queries:
    opening some hundred files takes longer than all queries on them.
    """
    paths = list(files)
    if not paths:
        return _NOTHING
    if work.keep_rows(paths):
        if days := _all_days(paths, work.kept):
            return f"(SELECT * FROM {KEPT_ROWS} WHERE {days})"
        work.con.execute(f"SET VARIABLE {variable} = $files", {"files": [str(p) for p in paths]})
        wanted = f"(SELECT unnest(getvariable('{variable}')) AS filename)"
        return f"(SELECT * FROM {KEPT_ROWS} SEMI JOIN {wanted} AS wanted USING (filename))"
    patterns = [path_literal(path, quoted=False) for path in paths]
    work.con.execute(f"SET VARIABLE {variable} = $files", {"files": patterns})
    return OF_FILES.format(files=f"getvariable('{variable}')")


def _all_days(paths: Collection[Path], among: Iterable[Path]) -> str:
    """Return SQL for the rows of these files by source and day; '' where others have rows there."""
    asked = frozenset(paths)
    places = [source_and_day(each) for each in asked]
    first, last = min(day for _, day in places), max(day for _, day in places)
    others = {source_and_day(each) for each in among if each not in asked}
    between = {source for source, day in others if first <= day <= last}
    sources = {source for source, _ in places}
    if between & sources:
        return ""
    days = f"day BETWEEN DATE '{first}' AND DATE '{last}'"
    named = ", ".join("'" + each.replace("'", "''") + "'" for each in sorted(sources))
    return f"{days} AND source IN ({named})" if between else days


EXTENSIONS = "extensions"
"""The family under which the lake stores extensions: it is no marker, so no measure sees it.
``item`` is the work and the new due day, separated by ``EXTENDED_TO``."""

EXTENDED_TO = "\x1f"
"""A control character, which the feed does not accept in titles."""


EXCUSES = "excuses"
"""The family under which the lake stores excuses. ``item`` is the family, the session or piece of
work ('' for all) and the last day."""


def early_view(work: ScratchDatabase, rows: str) -> None:
    """Create ``early``: the submissions among these rows, in the columns of ``activity``.

    The days are before those of ``activity``. It is unknown when a piece of work was set, so it may
    have been submitted on any day.
    """
    work.con.execute(
        "CREATE OR REPLACE VIEW early AS SELECT student, "
        "TRY_CAST(module AS module_name) AS module, TRY_CAST(family AS family_name) AS family, "
        "item, expected, done, "
        "CAST(source AS source_name) AS source, "
        f"day FROM {rows} "
        "WHERE family = 'submissions' AND done > 0"
    )


def extensions_table(work: ScratchDatabase, rows: str) -> None:
    """Create ``extensions``: the latest extended due day of a piece of work for a student.

    ``rows`` are those of all days: more time can be agreed long before the work is due.
    """
    work.con.execute(
        "CREATE OR REPLACE TABLE extensions AS SELECT student, "
        "TRY_CAST(module AS module_name) AS module, split_part(item, $mark, 1) AS item, "
        "CAST(MAX(TRY_CAST(split_part(item, $mark, 2) AS DATE) + moved) AS DATE) AS until, "
        "CAST(source AS source_name) AS source "
        f"FROM {rows} WHERE family = $family GROUP BY ALL",
        {"mark": EXTENDED_TO, "family": EXTENSIONS},
    )


def stated_view(
    work: ScratchDatabase,
    rows: str,
    *,
    someone_is_back: bool = False,
    met: Collection[tuple[int, dt.date]] = (),
) -> None:
    """Create ``delivered_rows`` and ``stated``: these rollup rows, with source and day.

    ``unknown_people`` removes from ``stated`` what was expected on unknown days, and
    ``excuses.waive`` makes ``activity`` from it.

    Modules without enrolments become NULL, and so belong to no one. Nothing is expected of students
    before the day on which they were back (see ``enrolments_table``). ``met`` are (student, day) of
    meetings that colleagues logged; they become rows of each agreed source of meetings.
    """
    expected, joined = "expected", ""
    if someone_is_back:
        # Only then, since it is a slow join over all activity.
        joined = " LEFT JOIN back USING (student)"
        expected = "CASE WHEN day < back.since THEN 0 ELSE expected END AS expected"
    work.table("met", {"student": "BIGINT", "day": "DATE"}, met)
    logged = _MET if met else ""
    selected = (
        f"SELECT student, module, family, item, {expected}, done, source, day "
        f"FROM ({_TYPED} FROM {rows}) AS typed{joined}{logged}"
    )
    if KEPT_ROWS in rows:
        # Few rows are queried again and again.
        work.con.execute(f"CREATE OR REPLACE TABLE few_rows AS {selected}")
        selected = "FROM few_rows"
    work.con.execute(f"CREATE OR REPLACE VIEW delivered_rows AS {selected}")
    work.con.execute("CREATE OR REPLACE VIEW stated AS FROM delivered_rows")


_TYPED = (
    "SELECT student, TRY_CAST(module AS module_name) AS module, "
    "TRY_CAST(family AS family_name) AS family, item, expected, done, "
    "CAST(source AS source_name) AS source, day"
)


_MET = (
    " UNION ALL SELECT met.student, enrolments.module, agreed.family, NULL, 0, 1, agreed.source, "
    "met.day FROM met JOIN enrolments ON enrolments.student = met.student "
    "JOIN agreed ON agreed.school = enrolments.module_school "
    f"AND agreed.family = '{MarkerFamily.MEETINGS}'"
)
