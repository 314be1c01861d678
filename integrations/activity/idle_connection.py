"""Keep one unused DuckDB connection: opening one takes longer than most queries."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

FileState = tuple[int, ...]
"""A state that differs after a file is replaced; its last element is the size."""


@dataclass(frozen=True, slots=True)
class Idle:
    """An unused connection, and the conditions for using it again."""

    process: int
    memory_limit: str
    parent: Path
    """The parent folder of its workspaces: its rows are useless for another lake."""
    con: duckdb.DuckDBPyConnection
    kept: dict[Path, FileState]


_idle: list[Idle] = []
"""The unused connection, if any."""
_of_parent: list[duckdb.DuckDBPyConnection] = []
"""Connections of the parent process: a fork lacks the threads that closing them waits for."""


def take_idle(spill: str, memory_limit: str) -> Idle | None:
    """Take the unused connection, unless it is another process's or does not fit."""
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
        # A connection that has spilled keeps its temporary directory.
        idle.con.close()
        return None
    return idle


def keep_idle(idle: Idle) -> None:
    """Empty the connection's workspace and keep it; close it if one is kept already."""
    idle.con.execute("USE memory")
    idle.con.execute("DETACH workspace")
    if _idle:
        idle.con.close()
    else:
        _idle.append(idle)


def open_connection(spill: str, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open a new connection, with ``spill`` as its temporary directory."""
    con = duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "temp_directory": spill,
            "autoinstall_known_extensions": "false",
        }
    )
    con.execute("SET TimeZone = 'Europe/London'")
    return con
