"""Split the one large file of the OULAD data set in one pass."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from integrations.activity.errors import is_of_the_machine, signals_go_through
from integrations.activity.scratch_database import MEMORY_LIMIT


def split_clicks(
    path: Path, columns: Sequence[str], clicks: Path, places: Mapping[str, Path]
) -> bool:
    """Put each presentation's rows of ``studentVle`` into a folder ``place=…`` under ``clicks``.

    ``places`` maps each presentation to a folder, whose name becomes the value of ``place``.
    Returns False where the file is not well-formed and has to be read line by line.
    """
    try:
        target = "'" + str(clicks).replace("'", "''") + "'"
        with signals_go_through(), duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as con:
            # One thread writes one file for each presentation.
            con.execute("SET threads = 1")
            con.execute("CREATE TABLE places (name VARCHAR, place VARCHAR)")
            con.executemany(
                "INSERT INTO places VALUES (?, ?)", [[name, at.name] for name, at in places.items()]
            )
            con.execute(
                f"COPY (SELECT place, {', '.join(columns)} FROM read_csv($path, header = true, "
                "delim = ',', quote = '\"', all_varchar = true) "
                "JOIN places ON name = concat(code_module, '-', code_presentation)) "
                f"TO {target} (FORMAT csv, HEADER, PARTITION_BY (place))",
                {"path": str(path)},
            )
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise
        return False
    return True
