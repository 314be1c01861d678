"""Write published figures as Parquet files, with a view, for Power BI and other tools to read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import duckdb

FIGURES, VIEW, GUIDE = "figures.parquet", "figures.sql", "README.md"
_COLUMNS = """
    school VARCHAR, name VARCHAR, faculty VARCHAR, first_day DATE, last_day DATE,
    section VARCHAR, measure VARCHAR, part VARCHAR, value DOUBLE, day DATE, unit VARCHAR,
    is_withheld BOOLEAN
"""


def write_extract(folder: Path, rows: Iterable[Sequence[object]]) -> list[Path]:
    """Write the extract into a folder, each file replaced as a whole and read-only.

    ``rows`` are those of ``worker.report.table.figure_rows``; their values are numbers, or days as
    ISO text where the unit is ``day``.

    Raises ``OSError`` where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{FIGURES}.{os.getpid()}"
    with duckdb.connect(":memory:") as con:
        con.execute(f"CREATE TABLE figures ({_COLUMNS})")
        con.executemany(
            "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_entered(row) for row in rows],
        )
        target = str(unfinished).replace("'", "''")
        con.execute(f"COPY figures TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    texts = resources.files(__package__)
    written = [_in_place(unfinished, folder / FIGURES)]
    for name, source in ((VIEW, "figures_view.sql"), (GUIDE, "figures_guide.md")):
        unfinished = folder / f".{name}.{os.getpid()}"
        unfinished.write_text(texts.joinpath(source).read_text("utf-8"), encoding="utf-8")
        written.append(_in_place(unfinished, folder / name))
    return written


def _entered(row: Sequence[object]) -> list[object]:
    *before, value, unit = row
    is_day = unit == "day"
    number, day = (None, value) if is_day else (value, None)
    return [*before, number, day, unit, value is None and not is_day]


def _in_place(unfinished: Path, path: Path) -> Path:
    unfinished.chmod(0o440)
    return unfinished.replace(path)
