"""One database, SQLite or PostgreSQL, behind the same two verbs: read and write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from store.db.read_once import ANSWERS

Connection = sa.Connection
"""What a query is asked on. Outside the store it is handed on, and asked nothing itself."""
Failure = sa.exc.SQLAlchemyError
"""Whatever a database raises: it is away, or a statement is wrong."""
AWAY = (sa.exc.DBAPIError, sa.exc.TimeoutError)
"""What it raises that is restarting, locked or too busy; nothing was stored then."""

SERVER_ANSWERS: dict[str, int] = {
    "connect_timeout": 5,  # seconds
    # Milliseconds in which what was sent has to arrive: a network that swallows everything.
    "tcp_user_timeout": 5_000,
    # A connection that waits for an answer looks after ten seconds whether the server is there.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
"""When a server that says nothing counts as out of reach; the driver's own default is to wait for
ever. A part of DATABASE_URL counts more."""
_LIMITS = ("SET statement_timeout = '120s'", "SET lock_timeout = '30s'")
"""On the server: how long one statement may take, and wait for another's lock, as on SQLite."""
POOL_WAITS = 10
"""Seconds for a connection of this process to become free."""
_READ_ONLY = "lantern_read_only"
_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def usable_url(url: str) -> str | None:
    """Return a database's address with the driver that Lantern uses; None where it can use none
    there."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None or parsed.database in (None, "", ":memory:"):
        return None
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


class Database:
    """An engine with the settings that casework relies on.

    SQLite runs in WAL mode, so that pages are read while the worker writes; every writing
    transaction takes its lock at once, since a lock that is taken late can only fail.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._make_folder()
            self.engine = sa.create_engine(
                self.url, connect_args={"timeout": 30}, hide_parameters=True
            )
            _prepare_sqlite(self.engine)
        else:
            limits = {
                name: value for name, value in SERVER_ANSWERS.items() if name not in self.url.query
            }
            self.engine = sa.create_engine(
                self.url,
                pool_pre_ping=True,
                pool_size=10,
                hide_parameters=True,
                connect_args=limits,
                pool_timeout=POOL_WAITS,
            )
            _limit_server(self.engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a connection that sees one consistent state and writes nothing."""
        options: dict[str, Any] = {_READ_ONLY: True, ANSWERS: {}}
        if not self.is_sqlite:
            # A page asks several questions; all answers are of the moment of the first.
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._connected() as plain:
            connection = plain.execution_options(**options)
            with connection.begin() as transaction:
                yield connection
                transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction: its changes are saved together, or not at all."""
        with self._connected() as connection, connection.begin():
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection of the pool. One that SQLite was using when an error came is closed.

        The error may keep a half-read answer alive, and with it the state of the database that it
        was read from: SQLite would refuse the next change on that connection as locked.
        """
        with self.engine.connect() as connection:
            try:
                yield connection
            except BaseException:
                if self.is_sqlite:
                    connection.invalidate()
                raise

    def ping(self) -> None:
        """Ask the database anything at all. Raises ``Failure`` where it does not answer."""
        with self.read() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()

    def _make_folder(self) -> None:
        if self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)


def _limit_server(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # Not as options of the connection: a pool between Lantern and the server refuses those.
        for line in _LIMITS:
            connection.execute(line)
        connection.commit()


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver's own idea of when to begin would start every transaction as a reader.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
