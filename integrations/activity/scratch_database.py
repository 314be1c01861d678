"""A place to work beside the lake: a DuckDB connection and a directory for unfinished files.

A workspace is alive for as long as its process holds the lock on its ``alive`` file. The system
lets go of that lock when a process dies, however it dies, so the next workspace to open can tell
what a killed process left behind from what another process is still writing, and sweeps it.

Starting DuckDB takes longer than most of what is asked of it, so a process keeps one that nothing
uses for the next workspace, which gets an empty database in it.
"""

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

import duckdb

from integrations.activity.errors import cannot_write, signals_go_through

MEMORY_LIMIT = "640MB"
"""Of DuckDB's own buffers. With Python and the allocator's slack a process stays below 1 GB."""

KEPT_BYTES = 4_000_000
"""Of rollup files, whose rows a workspace keeps. They take some ten times as much unpacked."""

_ALIVE = "alive"
_idle: list[tuple[int, str, duckdb.DuckDBPyConnection]] = []
"""At most one: of which process it is, its memory limit, and the connection."""
_of_parent: list[duckdb.DuckDBPyConnection] = []
"""A forked process has the object, and none of the threads that closing it would wait for."""


@dataclass(frozen=True, slots=True)
class ScratchDatabase:
    """An in-memory DuckDB connection, and a directory on the lake's own file system."""

    con: duckdb.DuckDBPyConnection
    directory: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _kept: dict[Path, int] = field(default_factory=dict)

    def file(self, suffix: str) -> Path:
        """Return a path for a new temporary file. It goes with the workspace."""
        return self.directory / f"{next(self._numbers)}{suffix}"

    def table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Create table ``name`` with these columns (name → DuckDB type) from tuples.

        ``None`` and ``''`` both become NULL. By way of a CSV file, because that is four times as
        fast as list parameters and a thousand times as fast as ``executemany``. Raises
        ``LakeError`` where the file cannot be written.
        """
        path = self.file(".csv")
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
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

    def keep_rows(self, files: Iterable[Path]) -> bool:
        """Read these rollup files into table ``kept_rows``, each once; say whether they fit.

        With those that were read before they may have ``KEPT_BYTES``; else nothing is read.
        """
        new = {file: _size(file) for file in files if file not in self._kept}
        if sum(new.values()) + sum(self._kept.values()) > KEPT_BYTES:
            return False
        if new:
            begin = "INSERT INTO kept_rows" if self._kept else "CREATE TABLE kept_rows AS"
            self.con.execute(
                f"{begin} FROM read_parquet($files, filename = true)",
                {"files": [path_literal(file, quoted=False) for file in new]},
            )
            self._kept.update(new)
        return True


@contextmanager
def open_workspace(parent: Path, memory_limit: str = MEMORY_LIMIT) -> Iterator[ScratchDatabase]:
    """Open a workspace under ``parent`` after sweeping those of dead processes."""
    with locked(parent):
        _sweep(parent)
        directory = Path(tempfile.mkdtemp(dir=parent))
        alive = (directory / _ALIVE).open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    con = _empty_database(directory, memory_limit)
    try:
        with signals_go_through():
            yield ScratchDatabase(con, directory)
    except BaseException:
        con.close()
        raise
    else:
        _keep(con, memory_limit)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        alive.close()


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory's lock against every other process; create the directory if need be."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def path_literal(path: Path, *, quoted: bool = True) -> str:
    """Return a path as DuckDB reads it: itself alone, though it holds ``[``, ``*`` or ``?``,
    which would make it a pattern that fits other files too. ``quoted``: for a text in SQL, else
    a parameter."""
    plain = "".join(f"[{c}]" if c in "[*?" else c for c in str(path))
    return plain.replace("'", "''") if quoted else plain


def _size(file: Path) -> int:
    """0 for one that is gone by now: DuckDB says so in its own way, as of any that is damaged."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


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


def _empty_database(directory: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """A connection whose database is empty and spills into ``directory``."""
    spill = str(directory / "spill")
    con = _kept(spill, memory_limit) or _connect(spill, memory_limit)
    con.execute("ATTACH ':memory:' AS workspace")
    con.execute("USE workspace")
    return con


def _kept(spill: str, memory_limit: str) -> duckdb.DuckDBPyConnection | None:
    """The one that nothing uses, unless it is another process's, or not fit for this."""
    try:
        process, limit, con = _idle.pop()
    except IndexError:
        return None
    if process != os.getpid():
        _of_parent.append(con)
        return None
    if limit != memory_limit:
        con.close()
        return None
    try:
        con.execute("SET temp_directory = $spill", {"spill": spill})
    except duckdb.Error:
        # One that has spilled stays with the directory that it spilled into.
        con.close()
        return None
    return con


def _keep(con: duckdb.DuckDBPyConnection, memory_limit: str) -> None:
    con.execute("USE memory")
    con.execute("DETACH workspace")
    if _idle:
        con.close()
    else:
        _idle.append((os.getpid(), memory_limit, con))


def _connect(spill: str, memory_limit: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "temp_directory": spill,
            "autoinstall_known_extensions": "false",
        }
    )
    con.execute("SET TimeZone = 'Europe/London'")
    return con
