"""One database, SQLite or PostgreSQL, with the same two operations: read and write."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from store.db.read_once import ANSWERS, forget_at_changes

Connection = sa.Connection
"""A connection for queries. Other packages pass it on and never query it themselves."""
Failure = sa.exc.SQLAlchemyError
"""Any error from the database: it cannot be reached, or a statement is wrong."""
AWAY = (sa.exc.DBAPIError, sa.exc.TimeoutError)
"""Errors of a database that is restarting, locked or too busy; nothing was stored."""

SERVER_ANSWERS: dict[str, int] = {
    "connect_timeout": 4,  # seconds: a click that waits for it ends within five
    # Milliseconds until sent data must be acknowledged, for a network that drops everything.
    "tcp_user_timeout": 5_000,
    # After ten seconds without an answer, a connection probes whether the server is alive.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
"""Time-outs after which a silent server counts as unreachable; by default the driver waits for
ever. Parameters in DATABASE_URL take precedence."""
_LIMITS = ("SET statement_timeout = '120s'", "SET lock_timeout = '30s'")
"""Limits set on the server: time for one statement, and for waiting for a lock, as on SQLite."""
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
    """Return a database URL with Lantern's driver; None for an unsupported database."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None or parsed.database in (None, "", ":memory:"):
        return None
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def is_cut_in_its_password(url: str) -> bool:
    """Return whether an unescaped sign in the password cut the URL, so that it is misread.

    The rest of the password and the @ are then in the host or the database's name.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return False
    return bool(parsed.host) and "@" in f"{parsed.host}{parsed.database}"


def file_of(url: str) -> Path | None:
    """Return the file of an embedded database; None for a server's, and where the address cannot be
    read: opening it says what is wrong with it."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def may_exist(url: str) -> bool:
    """Return whether there can be a database: False where its file is not there, or is empty."""
    file = file_of(url)
    return file is None or (file.is_file() and file.stat().st_size > 0)


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
        forget_at_changes(self.engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a connection that sees one consistent state and writes nothing.

        Within ``reads_together`` it is the connection of the earlier reads, until something is
        changed.
        """
        look = _LOOK.get()
        if look is None or look.database is not self:
            with self._reading() as connection:
                yield connection
            return
        with look.reading() as connection:
            yield connection

    @contextmanager
    def reads_together(self) -> Iterator[None]:
        """Read everything within this block in one transaction, so that nothing is queried twice.

        Each change ends the transaction; later reads see the new state.
        """
        look = _Look(self)
        token = _LOOK.set(look)
        try:
            yield
        finally:
            _LOOK.reset(token)
            look.end()

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
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
        if look := _LOOK.get():
            look.end()
        with self._connected() as plain:
            connection = plain.execution_options(**{ANSWERS: {}})
            with connection.begin():
                yield connection

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """Take a connection from the pool; close it after an error on SQLite.

        The error may keep a half-read result alive, and with it an old snapshot of the database:
        SQLite would refuse the next change on that connection as locked.
        """
        with self.engine.connect() as connection:
            try:
                yield connection
            except BaseException:
                if self.is_sqlite:
                    connection.invalidate()
                raise

    def ping(self) -> None:
        """Send a trivial query. Raises ``Failure`` where the database does not answer."""
        with self.read() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()

    def _make_folder(self) -> None:
        if self.url.database and self.url.database != ":memory:":
            file = Path(self.url.database)
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(OSError):  # opening it says what is wrong
                # SQLite gives the files beside it, such as the WAL, the same rights.
                os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


class _Look:
    """What one click reads together, in a transaction that begins when something is read."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._users = 0
        """Reads that are going on."""
        self._is_over = False
        self._open = ExitStack()
        self._connection: sa.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Return the connection for one more read: a new one after a change or an error."""
        if self._connection is None:
            self._connection = self._open.enter_context(self.database._reading())
            self._is_over = False
        self._users += 1
        try:
            yield self._connection
        except BaseException as error:
            self._users -= 1
            self.end(error)
            raise
        else:
            self._users -= 1
            if self._is_over:
                self.end()

    def end(self, error: BaseException | None = None) -> None:
        """Let the next read begin a new transaction; a read in progress ends first."""
        self._is_over = True
        if self._connection is None or self._users:
            return
        self._connection, ending = None, self._open.pop_all()
        if error is None:
            ending.close()
        else:
            with suppress(type(error)):
                ending.__exit__(type(error), error, error.__traceback__)


_LOOK: ContextVar[_Look | None] = ContextVar("look", default=None)


def _limit_server(engine: sa.Engine) -> None:
    from store.db import answering  # SQLite needs no driver of PostgreSQL's

    @sa.event.listens_for(engine, "do_connect")
    def _do_connect(_dialect: Any, _record: Any, settings: Any, named_settings: Any) -> Any:
        return answering.connect(*settings, **named_settings)

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # Not as options of the connection: a pool between Lantern and the server refuses those.
        for line in _LIMITS:
            connection.execute(line)
        connection.commit()


_WAL_TRIES, _WAL_PAUSE = 100, 0.1
"""About ten seconds, as long as the driver waits for a lock elsewhere."""


def _write_ahead(connection: Any) -> None:
    """Switch to the write-ahead log. SQLite does not wait by itself where another process does the
    same to a new database."""
    for tries in reversed(range(_WAL_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not tries:
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver's own idea of when to begin would start every transaction as a reader.
        connection.isolation_level = None
        _write_ahead(connection)
        for pragma in ("foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
