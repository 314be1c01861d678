"""A PostgreSQL database that is restored between tests.

Copying a database writes and removes hundreds of files, and takes longer than most tests. Restoring
its rows takes a hundredth of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from store.tables import metadata
from tests import servers

TABLES = [table.name for table in metadata.sorted_tables]
"""The tables, each after those that it refers to."""


class Pristine:
    """The database at ``url``. ``restore`` puts back the rows that it has now."""

    def __init__(self, url: str, connection: psycopg.Connection) -> None:
        self.url = url
        self._connection = connection
        self._run("CREATE SCHEMA pristine")
        for name in TABLES:
            self._run(f"CREATE TABLE pristine.{name} AS TABLE public.{name}")
        self._steps = [
            *(f"DELETE FROM public.{name}" for name in reversed(TABLES)),
            *(
                f"INSERT INTO public.{name} OVERRIDING SYSTEM VALUE TABLE pristine.{name}"
                for name in TABLES
                if self._is_filled(name)
            ),
            *self._numbering(),
        ]

    def _run(self, statement: str) -> psycopg.Cursor:
        return self._connection.execute(statement.encode())

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend the database's URL to one test. Its changes are undone afterwards."""
        try:
            yield self.url
        finally:
            self.restore()

    def restore(self) -> None:
        """Restore all rows, and end connections that a failed test left open."""
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        self._run(";".join(self._steps))

    def _is_filled(self, name: str) -> bool:
        return self._run(f"SELECT 1 FROM pristine.{name} LIMIT 1").fetchone() is not None

    def _numbering(self) -> Iterator[str]:
        """Return statements that set the sequences back, so that each test's first case is number
        1."""
        query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        for name, last in self._run(query):
            yield f"SELECT setval('public.{name}', {last or 1}, {str(last is not None).lower()})"


@contextmanager
def pristine(server_url: str, prepare: Callable[[str], None]) -> Iterator[Pristine]:
    """Make and prepare a new database, to lend to one test after the other."""
    with servers.new_postgresql_database(server_url) as url:
        prepare(url)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            # Without these statistics no table is vacuumed, so rows lie where a new database
            # has them.
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("ALTER DATABASE {} SET track_counts = off").format(name))
            yield Pristine(url, connection)


@contextmanager
def own_database(
    kind: str, folder: Path, sqlite: Callable[[], bytes], postgresql: Callable[[], Pristine]
) -> Iterator[str]:
    """Give one test the URL of a prepared database: a copy of the SQLite file, or the lent
    PostgreSQL."""
    if kind == "sqlite":
        path = folder / "lantern.db"
        path.write_bytes(sqlite())
        yield f"sqlite:///{path}"
    else:
        with postgresql().lent() as url:
            yield url
