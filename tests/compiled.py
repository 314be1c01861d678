"""What one test after the other would work out again, kept for a whole process.

SQLAlchemy keeps compiled statements for each engine, which is right where a process has one. Each
test has its own, and compiling the same statements again took two fifths of its time. A tenth went
to judging the same policies and letters, which Lantern itself never keeps: a letter is a student's.
An HTTP client reads whom the machine trusts, 20 ms long; Lantern makes its few once. An empty
database is brought to the newest step in a quarter of a second, and hundreds of tests begin so.
DuckDB would share out thirty rows among all cores, which other tests are using. Sixty commands are
put together for each command line, though only one is run.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import lru_cache, wraps
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

from store.db.database import Database
from store.encryption import Encryption


class _ByKind(LRUCache[Any, Any]):
    """Keys begin with the engine's own dialect; all of one kind of database are alike here."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_alike(key))

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_alike(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_alike(key), value)


def _alike(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (getattr(dialect, "name", dialect), *rest)


_shared = _ByKind(5000)


def share_statements() -> None:
    """From now on, every new connection looks into the shared cache. A second call adds nothing."""
    if not event.contains(Engine, "engine_connect", _look_there):
        event.listen(Engine, "engine_connect", _look_there)


def _look_there(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_shared)


def share_judgements(tone: ModuleType) -> None:
    """From now on, ``tone`` judges each text once. A second call adds nothing."""
    judge = tone._faults
    if not hasattr(judge, "judged"):
        judged = lru_cache(maxsize=8192)(lambda plain: tuple(judge(plain)))

        def faults(plain: str) -> Iterator[Any]:
            return iter(judged(plain))

        faults.judged = judged  # type: ignore[attr-defined]
        tone._faults = faults  # type: ignore[attr-defined]


def share_trust(transports: ModuleType) -> None:
    """From now on, clients that are made by ``transports`` trust whom the first one trusted. A
    second call adds nothing."""
    if not hasattr(transports.create_ssl_context, "cache_info"):
        transports.create_ssl_context = lru_cache(transports.create_ssl_context)  # type: ignore[attr-defined]


class _MigratedOnce:
    """The module of migrations, except that an empty SQLite database gets what the first one got;
    how that is made has tests of its own, on the module itself."""

    def __init__(self, migrations: ModuleType) -> None:
        self._migrations = migrations
        self._made: sqlite3.Connection | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._migrations, name)

    def upgrade(self, database: Database, seal: Encryption) -> None:
        """Bring the database to the newest step."""
        file = database.url.database if database.is_sqlite else None
        if file is None:
            self._migrations.upgrade(database, seal)
            return
        with closing(sqlite3.connect(file)) as own:
            own.execute("PRAGMA synchronous=OFF")
            is_empty = not own.execute("SELECT 1 FROM sqlite_master").fetchall()
            if is_empty and self._made:
                with suppress(sqlite3.Error):  # then it is for Lantern to say what is wrong
                    self._made.backup(own)
                    return
            self._migrations.upgrade(database, seal)
            if is_empty:
                self._made = sqlite3.connect(":memory:", check_same_thread=False)
                own.backup(self._made)


def share_migration(bootstrap: ModuleType) -> None:
    """From now on, starts on an empty SQLite database migrate it once. A second call adds
    nothing."""
    if not isinstance(bootstrap.migrations, _MigratedOnce):
        bootstrap.migrations = _MigratedOnce(bootstrap.migrations)  # type: ignore[attr-defined]


def compute_on_one_core(activity: ModuleType) -> None:
    """From now on, DuckDB's connections that ``activity`` opens use one thread each. A second call
    adds nothing."""
    open_connection = activity.open_connection
    if not hasattr(open_connection, "__wrapped__"):

        @wraps(open_connection)
        def on_one_core(*given: str) -> Any:
            con = open_connection(*given)
            con.execute("SET threads = 1")
            return con

        activity.open_connection = on_one_core  # type: ignore[attr-defined]


def share_commands(typer: ModuleType) -> None:
    """From now on, the commands of a command line are put together once. A second call adds
    nothing."""
    if not hasattr(typer.get_command, "cache_info"):
        typer.get_command = lru_cache(typer.get_command)  # type: ignore[attr-defined]
    if testing := sys.modules.get("typer.testing"):
        testing._get_command = typer.get_command  # type: ignore[attr-defined]
