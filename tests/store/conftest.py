"""Fixtures: the invented world in a database of its own, on SQLite and PostgreSQL.

Migrating and filling a database takes longer than most tests. It is done once for each kind of
database, and every test starts from a copy.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from store.db.unit_of_work import Store
from tests.pristine import Pristine, own_database, pristine
from tests.stores import FakeClock, empty_store
from tests.world import World, opened_world, populate, populated_sqlite


@pytest.fixture(scope="session")
def postgres_world(postgres_url: str) -> Iterator[Pristine]:
    """Create a PostgreSQL database that holds all invented people, to be copied by tests."""
    with pristine(postgres_url, populate) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Create a database for one test that holds all invented people."""
    lent = partial(request.getfixturevalue, "postgres_world")
    with own_database(request.param, tmp_path, populated_sqlite, lent) as url:
        yield url


@pytest.fixture
def world(world_url: str) -> Iterator[World]:
    """Open the world with everyone in ``tests.people`` and no action taken yet."""
    with opened_world(world_url) as made:
        yield made


@pytest.fixture
def store(migrated_database_url: str) -> Iterator[Store]:
    """Open a store that holds no people."""
    with empty_store(migrated_database_url, FakeClock(), []) as made:
        yield made
