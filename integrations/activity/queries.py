"""Run the engine's own queries, the ``.sql`` files beside this module: on DuckDB, or on Spark.

They are written once, for DuckDB. ``spark`` transpiles them, and takes their relations from the
workspace.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from integrations.activity.scratch_database import ScratchDatabase, path_literal

RELATIONS: dict[str, tuple[str, ...]] = {
    "measures": ("activity", "enrolments", "agreed", "delivered"),
    "cohort": ("measures",),
    "work": ("activity", "early", "extensions", "enrolments", "agreed"),
    "missed": ("work", "held", "criteria"),
    "first_work": (
        *("ahead", "activity", "early", "extensions", "excuses", "enrolments", "agreed"),
    ),
    "caught": ("measures", "missed", "cohort", "first_work", "criteria"),
    "middle": ("measures", "enrolments", "wanted", "periods"),
    "class_period": ("measures", "periods"),
    "class_sessions": ("measures", "found", "weeks"),
    "oversight": ("enrolments", "trusted"),
}
"""Query → the relations of the workspace that it reads."""


@cache
def query(name: str) -> str:
    """Return the text of ``<name>.sql`` beside this module."""
    return resources.files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def make_table(
    work: ScratchDatabase, table: str, name: str, values: Mapping[str, Any] | None = None
) -> None:
    """Create a table of the workspace from a query."""
    text = query(name)
    if work.spark is None:
        work.con.execute(f"CREATE OR REPLACE TABLE {table} AS {text}", dict(values or {}))
        return
    rows = work.spark.run(work, text, RELATIONS[name], values or {})
    # The types are those of DuckDB, such as the enumerations of modules, which Spark has as texts.
    work.con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM ({text}) LIMIT 0", dict(values or {})
    )
    work.con.execute(
        f"INSERT INTO {table} BY NAME FROM read_parquet('{path_literal(rows)}/*.parquet')"
    )


def rows_of_query(
    work: ScratchDatabase, name: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run a query whose rows need no table."""
    if work.spark is None:
        return work.con.execute(query(name), dict(values)).fetchall()
    make_table(work, "answer", name, values)
    return work.con.execute("FROM answer ORDER BY ALL").fetchall()
