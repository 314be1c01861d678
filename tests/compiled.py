"""Caches that tests of one process share, where each test would do the same work again.

SQLAlchemy caches compiled statements for each engine, which suits a process with one engine. Each
test has its own engine, and compiling the statements again took 2/5 of its time.

A tenth went to checking the same policies and letters. Lantern itself never caches those: a letter
is about a student.

An HTTP client reads the trusted certificates in 20 ms; Lantern makes few clients, once. Migrating
an empty database takes a quarter of a second, and hundreds of tests begin with one. DuckDB would
spread 30 rows over all cores, which other tests are using. A command line builds 60 commands,
though it runs only one.
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
    """A cache whose keys name the dialect's kind instead of the engine's own dialect object."""

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
    """Share the statement cache among all new connections. A second call adds nothing."""
    if not event.contains(Engine, "engine_connect", _look_there):
        event.listen(Engine, "engine_connect", _look_there)


def _look_there(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_shared)


def share_judgements(tone: ModuleType) -> None:
    """Have ``tone`` check each text once. A second call adds nothing."""
    judge = tone._faults
    if not hasattr(judge, "judged"):
        judged = lru_cache(maxsize=8192)(lambda plain: tuple(judge(plain)))

        def faults(plain: str) -> Iterator[Any]:
            return iter(judged(plain))

        faults.judged = judged  # type: ignore[attr-defined]
        tone._faults = faults  # type: ignore[attr-defined]


def share_trust(transports: ModuleType) -> None:
    """Have clients of ``transports`` reuse the first one's trusted certificates. A second call adds
    nothing."""
    if not hasattr(transports.create_ssl_context, "cache_info"):
        transports.create_ssl_context = lru_cache(transports.create_ssl_context)  # type: ignore[attr-defined]


class _MigratedOnce:
    """The module of migrations, with an empty SQLite database copied from the first migrated one.

    Tests of the migrations themselves use the real module.
    """

    def __init__(self, migrations: ModuleType) -> None:
        self._migrations = migrations
        self._made: sqlite3.Connection | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._migrations, name)

    def upgrade(self, database: Database, seal: Encryption) -> None:
        """Bring the database to the newest migration."""
        file = database.url.database if database.is_sqlite else None
        if file is None:
            self._migrations.upgrade(database, seal)
            return
        with closing(sqlite3.connect(file)) as own:
            own.execute("PRAGMA synchronous=OFF")
            is_empty = not own.execute("SELECT 1 FROM sqlite_master").fetchall()
            if is_empty and self._made:
                with suppress(sqlite3.Error):  # Lantern itself reports what is wrong
                    self._made.backup(own)
                    return
            self._migrations.upgrade(database, seal)
            if is_empty:
                self._made = sqlite3.connect(":memory:", check_same_thread=False)
                own.backup(self._made)


def share_migration(opening: ModuleType) -> None:
    """Migrate an empty SQLite database once for all starts. A second call adds nothing."""
    if not isinstance(opening.migrations, _MigratedOnce):
        opening.migrations = _MigratedOnce(opening.migrations)  # type: ignore[attr-defined]


def compute_on_one_core(activity: ModuleType) -> None:
    """Limit the DuckDB connections that ``activity`` opens to one thread. A second call adds
    nothing."""
    open_connection = activity.open_connection
    if not hasattr(open_connection, "__wrapped__"):

        @wraps(open_connection)
        def on_one_core(*given: str) -> Any:
            con = open_connection(*given)
            con.execute("SET threads = 1")
            return con

        activity.open_connection = on_one_core  # type: ignore[attr-defined]


def share_commands(typer: ModuleType) -> None:
    """Build the commands of a command line once. A second call adds nothing."""
    if not hasattr(typer.get_command, "cache_info"):
        typer.get_command = lru_cache(typer.get_command)  # type: ignore[attr-defined]
    if testing := sys.modules.get("typer.testing"):
        testing._get_command = typer.get_command  # type: ignore[attr-defined]
