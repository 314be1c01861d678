"""The DuckDB connection that a process keeps while nothing uses it: starting one takes longer than
most of what is asked of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

FileState = tuple[int, ...]
"""What changes whenever a file is replaced; its size comes last."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A connection that nothing uses, and what it is fit for."""

    process: int
    memory_limit: str
    parent: Path
    """Of its workspaces. The rows of another lake's files are of no use."""
    con: duckdb.DuckDBPyConnection
    kept: dict[Path, FileState]


_idle: list[Idle] = []
"""At most one."""
_of_parent: list[duckdb.DuckDBPyConnection] = []
"""A forked process has the object, and none of the threads that closing it would wait for."""


def take_idle(spill: str, memory_limit: str) -> Idle | None:
    """Take the one that nothing uses, unless it is another process's, or not fit for this."""
    try:
        idle = _idle.pop()
    except IndexError:
        return None
    if idle.process != os.getpid():
        _of_parent.append(idle.con)
        return None
    if idle.memory_limit != memory_limit:
        idle.con.close()
        return None
    try:
        idle.con.execute("SET temp_directory = $spill", {"spill": spill})
    except duckdb.Error:
        # One that has spilled stays with the directory that it spilled into.
        idle.con.close()
        return None
    return idle


def keep_idle(idle: Idle) -> None:
    """Empty its workspace and keep it, or close it where there is one already."""
    idle.con.execute("USE memory")
    idle.con.execute("DETACH workspace")
    if _idle:
        idle.con.close()
    else:
        _idle.append(idle)


def connect(spill: str, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Start another, which spills into the directory ``spill``."""
    con = duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "temp_directory": spill,
            "autoinstall_known_extensions": "false",
        }
    )
    con.execute("SET TimeZone = 'Europe/London'")
    return con
