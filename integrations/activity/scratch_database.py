"""A workspace beside the lake: a DuckDB connection and a directory for unfinished files.

A workspace is in use while its process holds the lock on its ``alive`` file. The system releases
the lock when a process dies, however it dies, so that the next workspace can tell leftovers of a
killed process from files that another process is still writing, and delete them.

The connection may be one that an earlier workspace had (``idle_connection``). Each workspace gets
an empty database, and the rows of a small lake's files that were read before.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import csv
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from integrations.activity.errors import cannot_write, signals_go_through
from integrations.activity.idle_connection import (
    FileState,
    Idle,
    keep_idle,
    open_connection,
    take_idle,
)

if TYPE_CHECKING:
    from integrations.activity.spark import Spark

MEMORY_LIMIT = "640MB"
"""For DuckDB's own buffers. With Python and allocation overhead a process stays below 1 GB."""

KEPT_BYTES = 4_000_000
"""The most bytes of rollup files cached in a process. Unpacked they take some ten times as much."""

KEPT_ROWS = "memory.kept_rows"
"""The table of cached rows."""

OF_FILES = (
    "(SELECT *, parse_filename(parse_dirpath(filename)) AS source, "
    "CAST(parse_filename(filename, true) AS DATE) AS day, 0 AS moved "
    "FROM read_parquet({files}, filename = true))"
)
"""SQL for the rows of rollup files, with the source and the day that a file's name states.

``moved`` is how many days later that day was put, which ``mornings`` alone does.
"""

FEW = 100
"""The most rows of a table that go to DuckDB as parameters, not as a file."""

_ALIVE = "alive"


@dataclass(frozen=True, slots=True)
class ScratchDatabase:
    """An in-memory DuckDB connection, and a directory on the lake's own file system."""

    con: duckdb.DuckDBPyConnection
    directory: Path
    spark: Spark | None = None
    """Runs the engine's queries; None: ``con`` does."""
    kept: dict[Path, FileState] = field(default_factory=dict)
    """The cached files, with their state when they were read."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _asked: dict[Path, FileState] = field(default_factory=dict)
    """The files that this workspace asked for: it sees each as it was the first time."""
    made: dict[str, object] = field(default_factory=dict)
    """Table → what it was made from, where it is made again only from something else."""
    _types: dict[str, list[str]] = field(default_factory=dict)

    def begin_again(self) -> None:
        """Drop all tables of this workspace, but for the cached rows of files."""
        self.con.execute("USE memory")
        self.con.execute("DETACH workspace")
        _attach_workspace(self.con)
        self.made.clear()
        self._types.clear()

    def file(self, suffix: str) -> Path:
        """Return a path for a new temporary file, which is deleted with the workspace."""
        return self.directory / f"{next(self._numbers)}{suffix}"

    def table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Create table ``name`` with these columns (name → DuckDB type) from tuples.

        ``None`` and ``''`` both become NULL. A few rows that are those of the last time stay as
        they are. For many rows it uses a CSV file, which is four times as fast as list parameters
        and a thousand times as fast as ``executemany``. Raises ``LakeError`` where the file cannot
        be written.
        """
        rest = iter(rows)
        first = list(itertools.islice(rest, FEW + 1))
        if len(first) <= FEW:
            self._small_table(name, columns, first)
            return
        self.made.pop(name, None)
        path = self.file(".csv")
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(itertools.chain(first, rest))
            self.con.execute(
                f"CREATE OR REPLACE TABLE {name} AS FROM read_csv($path, header = false, "
                "auto_detect = false, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', "
                "strict_mode = true, max_line_size = 16777216, columns = $columns)",
                {"path": str(path), "columns": dict(columns)},
            )
        except OSError as error:
            raise cannot_write("A temporary table", error) from None
        finally:
            path.unlink(missing_ok=True)

    def _small_table(
        self, name: str, columns: Mapping[str, str], rows: list[Sequence[object]]
    ) -> None:
        made_from = (dict(columns), rows)
        if self.made.get(name) == made_from:
            return
        if rows:
            picked = (
                f"CAST(unnest(${column}) AS {kind}) AS {column}" for column, kind in columns.items()
            )
            given = zip(*rows, strict=True)
            values = ([None if v in (None, "") else str(v) for v in each] for each in given)
            self.con.execute(
                f"CREATE OR REPLACE TABLE {name} AS SELECT {', '.join(picked)}",
                dict(zip(columns, values, strict=True)),
            )
        else:
            named = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            self.con.execute(f"CREATE OR REPLACE TABLE {name} ({named})")
        self.made[name] = made_from

    def enumeration(self, name: str, values: Iterable[str]) -> None:
        """Create an enumeration of these values. DuckDB refuses an empty one, so '' is in it."""
        names = sorted({"", *values})
        if self._types.get(name) == names:
            return
        self.con.execute("SET VARIABLE names = $names", {"names": names})
        self.con.execute(
            f"CREATE OR REPLACE TYPE {name} AS ENUM (SELECT unnest(getvariable('names')))"
        )
        self._types[name] = names
        self.made.clear()  # their columns may have the type as it was

    def keep_rows(self, files: Iterable[Path]) -> bool:
        """Cache the rows of these rollup files in table ``KEPT_ROWS``; return whether they fit.

        An unchanged file is read once. Together with files cached before they may have
        ``KEPT_BYTES``; otherwise nothing is read.
        """
        fresh = {each: _state(each) for each in files if each not in self._asked}
        if not fresh:
            return True
        asked = self._asked | fresh
        if _bytes(asked) > KEPT_BYTES:
            return False
        self._forget(each for each, state in asked.items() if self.kept.get(each, state) != state)
        if _bytes(self.kept | asked) > KEPT_BYTES:
            self._forget(self.kept.keys() - asked.keys())
        if new := asked.keys() - self.kept.keys():
            begin = "INSERT INTO" if self.kept else "CREATE OR REPLACE TABLE"
            self.con.execute(
                f"{begin} {KEPT_ROWS} {'' if self.kept else 'AS '}"
                f"FROM {OF_FILES.format(files='$files')}",
                {"files": [path_literal(each, quoted=False) for each in sorted(new)]},
            )
            self.kept.update((each, asked[each]) for each in new)
        self._asked.update(asked)
        return True

    def _forget(self, files: Iterable[Path]) -> None:
        if gone := list(files):
            names = {"files": [str(each) for each in gone]}
            self.con.execute(
                f"DELETE FROM {KEPT_ROWS} WHERE list_contains($files, filename)", names
            )
            for each in gone:
                del self.kept[each]


@contextmanager
def open_workspace(
    parent: Path, memory_limit: str = MEMORY_LIMIT, spark: Spark | None = None
) -> Iterator[ScratchDatabase]:
    """Open a workspace under ``parent`` after sweeping those of dead processes."""
    with locked(parent):
        _sweep(parent)
        directory = Path(tempfile.mkdtemp(dir=parent))
        alive = (directory / _ALIVE).open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    con, kept = _empty_database(parent, directory, memory_limit)
    try:
        with signals_go_through():
            yield ScratchDatabase(con, directory, spark, kept)
    except BaseException:
        con.close()
        raise
    else:
        keep_idle(Idle(os.getpid(), memory_limit, parent, con, kept))
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        alive.close()


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory's lock against every other process; create the directory if need be."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def path_literal(path: Path, *, quoted: bool = True) -> str:
    """Escape a path for DuckDB, so that ``[``, ``*`` and ``?`` in it are not a pattern.

    ``quoted``: for a string literal in SQL, else for a parameter.
    """
    plain = "".join(f"[{c}]" if c in "[*?" else c for c in str(path))
    return plain.replace("'", "''") if quoted else plain


def file_state(path: Path) -> FileState:
    """Return a state that differs after a file is replaced; its last element is the size."""
    found = path.stat()
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _state(file: Path) -> FileState:
    """For a file that is gone by now: DuckDB reports it later, like a damaged one."""
    try:
        return file_state(file)
    except FileNotFoundError:
        return (0,)


def _bytes(files: Mapping[Path, FileState]) -> int:
    return sum(state[-1] for state in files.values())


def _sweep(parent: Path) -> None:
    for directory in parent.iterdir():
        if directory.is_dir() and not _is_alive(directory):
            shutil.rmtree(directory, ignore_errors=True)


def _is_alive(directory: Path) -> bool:
    try:
        with (directory / _ALIVE).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _empty_database(
    parent: Path, directory: Path, memory_limit: str
) -> tuple[duckdb.DuckDBPyConnection, dict[Path, FileState]]:
    """Return an emptied connection and its cached files; it spills into ``directory``."""
    spill = str(directory / "spill")
    idle = take_idle(spill, memory_limit)
    con = idle.con if idle else open_connection(spill, memory_limit)
    kept = idle.kept if idle and idle.parent == parent else {}
    _attach_workspace(con)
    return con, kept


def _attach_workspace(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("ATTACH ':memory:' AS workspace")
    con.execute("USE workspace")
