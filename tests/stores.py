"""Stores for tests, on a clock that stands still: empty, migrated, or copied from a file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store import migrations
from store.db.database import Database
from store.db.unit_of_work import Store
from store.encryption import Encryption
from store.rules.model import OutboxKind
from store.rules.policies.publication import Route, Told
from tests.people import MORNING

TOLD = (
    Told(Route.HANDBOOK, "page 12", dt.date(2025, 9, 1)),
    Told(Route.EMAIL, "the school office to all students", dt.date(2025, 9, 2)),
)
AUDIT_KEY = b"a key for tests"
SEAL = Encryption("another key for tests")


@dataclass
class FakeClock:
    """A clock that only moves when a test moves it."""

    now: dt.datetime = MORNING

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Move the clock, as in ``clock.forward(minutes=5)``."""
        self.now += dt.timedelta(**duration)


def spare_the_disk(database: Database) -> None:
    """Stop SQLite from waiting for the disk. A killed process loses nothing by it, only a power cut
    would."""

    def relax(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    if database.is_sqlite:
        sa.event.listen(database.engine, "connect", relax)
        database.close()  # connections that are open already did not run it


@contextmanager
def empty_store(url: str, clock: FakeClock, woken: list[OutboxKind]) -> Iterator[Store]:
    """Return a store with its tables and no rows."""
    database = Database(url)
    spare_the_disk(database)
    try:
        migrations.upgrade(database, SEAL)
        yield Store(database, audit_key=AUDIT_KEY, seal=SEAL, now=clock, wake=woken.append)
    finally:
        database.close()


@cache
def migrated_sqlite() -> bytes:
    """Make a migrated SQLite database without any people."""
    return sqlite_file(migrate)


def sqlite_file(prepare: Callable[[str], None]) -> bytes:
    """Return the bytes of the SQLite database that ``prepare`` makes at the URL it is given."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lantern.db"
        prepare(f"sqlite:///{file}")
        return file.read_bytes()


def migrate(url: str) -> None:
    """Bring the empty database at ``url`` to the newest migration."""
    with empty_store(url, FakeClock(), []):
        pass
