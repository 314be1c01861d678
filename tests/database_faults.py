"""Faults of SQLite and PostgreSQL that an operator may have to repair, caused for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import make_url

from store.db.database import Database
from tests.servers import new_postgresql_database

PRIVATE = "Dana Dvorak"
"""A text in what is asked of the faulty service. No message may contain it."""


@dataclass(frozen=True)
class Servers:
    """The servers and the folder in which a fault is caused."""

    folder: Path
    postgres: str
    redis: str


Fault = Callable[[Servers], None]
"""A function that causes a fault and fails."""


@contextmanager
def _sqlite(servers: Servers, query: str = "", **options: object) -> Iterator[sa.Connection]:
    """Make a new SQLite database with one row and open it again."""
    path = servers.folder / "faulty.db"
    path.unlink(missing_ok=True)
    made = Database(f"sqlite:///{path}")
    with made.write() as connection:
        connection.execute(sa.text("CREATE TABLE people (name TEXT)"))
    made.close()
    engine = sa.create_engine(f"sqlite:///file:{path}?uri=true{query}", connect_args=options)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _insert(connection: sa.Connection) -> None:
    connection.execute(sa.text("INSERT INTO people VALUES (:name)"), {"name": PRIVATE})


def sqlite_locked(servers: Servers) -> None:
    with _sqlite(servers, timeout=0) as connection:
        other = Database(f"sqlite:///{servers.folder / 'faulty.db'}")
        with closing(other), other.write():
            _insert(connection)


def sqlite_read_only(servers: Servers) -> None:
    with _sqlite(servers, "&mode=ro") as connection:
        _insert(connection)


def sqlite_full(servers: Servers) -> None:
    with _sqlite(servers) as connection:
        connection.execute(sa.text("PRAGMA max_page_count = 2"))
        for _ in range(1000):
            _insert(connection)


def sqlite_not_there(servers: Servers) -> None:
    (servers.folder / "folder.db").mkdir(exist_ok=True)
    _ping(f"sqlite:///{servers.folder / 'folder.db'}")


def sqlite_a_letter(servers: Servers) -> None:
    (servers.folder / "letter.db").write_text(f"Dear {PRIVATE}\n" * 500)
    _ping(f"sqlite:///{servers.folder / 'letter.db'}")


def _ping(url: str) -> None:
    made = Database(url)
    with closing(made):
        made.ping()


def postgres_away(_servers: Servers) -> None:
    _ping(f"postgresql+psycopg://{PRIVATE.split(maxsplit=1)[0]}:hush@127.0.0.1:1/lantern")


def postgres_no_such_host(_servers: Servers) -> None:
    _ping("postgresql+psycopg://lantern@/lantern?host=/nowhere/at-all")


def postgres_no_such_database(servers: Servers) -> None:
    _ping(_changed(servers, database="dvorak"))


def postgres_no_such_user(servers: Servers) -> None:
    _ping(_changed(servers, username="dvorak"))


def postgres_wrong_password(servers: Servers) -> None:
    """Connect with a wrong password. The server's list of who may connect is changed for this
    test."""
    with psycopg.connect(_plain(servers.postgres), autocommit=True) as admin:
        (listed,) = admin.execute("SHOW hba_file").fetchone() or ("",)
        rules, kept = Path(listed), Path(listed).read_text()
        _make_role(servers, "CREATE ROLE locked_out LOGIN PASSWORD 'right'")
        rules.write_text(f"local all locked_out scram-sha-256\n{kept}")
        admin.execute("SELECT pg_reload_conf()")
        try:
            for _ in range(1000):  # the server reloads it after some time
                _ping(_changed(servers, username="locked_out", password="wrong"))
        finally:
            rules.write_text(kept)
            admin.execute("SELECT pg_reload_conf()")


def postgres_too_many(servers: Servers) -> None:
    _make_role(servers, "CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    _ping(_changed(servers, username="crowded"))


def postgres_denied(servers: Servers) -> None:
    _make_role(servers, "CREATE ROLE guest LOGIN")
    _write(_changed(servers, username="guest"), "CREATE TABLE public.of_a_guest (name TEXT)")


def postgres_read_only(servers: Servers) -> None:
    _write(servers.postgres, "SET TRANSACTION READ ONLY", "CREATE TABLE people (name TEXT)")


def postgres_locked(servers: Servers) -> None:
    with new_postgresql_database(servers.postgres) as url:
        _write(url, "CREATE TABLE people (name TEXT)")
        made = Database(url)
        with closing(made), made.write() as connection:
            connection.execute(sa.text("LOCK TABLE people"))
            _write(url, "SET LOCAL lock_timeout = 10", "LOCK TABLE people")


def postgres_too_long(servers: Servers) -> None:
    _write(servers.postgres, "SET LOCAL statement_timeout = 10", "SELECT pg_sleep(5)")


def postgres_stopped(servers: Servers) -> None:
    made = Database(servers.postgres)
    with closing(made), made.write() as connection:
        mine = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        with psycopg.connect(_plain(servers.postgres), autocommit=True) as admin:
            admin.execute(sql.SQL("SELECT pg_terminate_backend({})").format(sql.Literal(mine)))
        for _ in range(1000):
            connection.execute(sa.text("SELECT 1"))


def postgres_full(servers: Servers) -> None:
    """Have the server itself report a full disk, without filling one."""
    _raised_by_the_server(servers, "disk_full")


def postgres_damaged(servers: Servers) -> None:
    _raised_by_the_server(servers, "data_corrupted")


def postgres_no_memory(servers: Servers) -> None:
    _raised_by_the_server(servers, "out_of_memory")


def _raised_by_the_server(servers: Servers, condition: str) -> None:
    with new_postgresql_database(servers.postgres) as url:
        saying = f"RAISE EXCEPTION USING ERRCODE = '{condition}', DETAIL = '{PRIVATE}'"
        _write(url, f"DO $$ BEGIN {saying}; END $$")


def pool_used_up(servers: Servers) -> None:
    engine = sa.create_engine(
        f"sqlite:///{servers.folder / 'pool.db'}", pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    try:
        with engine.connect(), engine.connect():
            pass
    finally:
        engine.dispose()


def _make_role(servers: Servers, statement: LiteralString) -> None:
    with (
        suppress(psycopg.errors.DuplicateObject),
        psycopg.connect(_plain(servers.postgres), autocommit=True) as admin,
    ):
        admin.execute(statement)


def _write(url: str, *statements: str) -> None:
    made = Database(url)
    with closing(made), made.write() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def _changed(servers: Servers, **parts: str) -> str:
    return make_url(servers.postgres).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
