"""The invented world on a database of its own, once on each kind.

Migrating and filling a database takes longer than most tests, so it is done once for each kind,
and every test finds it like that.
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
    """A PostgreSQL database with everybody in it, to lend."""
    with pristine(postgres_url, populate) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own with everybody in it."""
    lent = partial(request.getfixturevalue, "postgres_world")
    with own_database(request.param, tmp_path, populated_sqlite, lent) as url:
        yield url


@pytest.fixture
def world(world_url: str) -> Iterator[World]:
    """Everybody of ``tests.people``, nothing done yet."""
    with opened_world(world_url) as made:
        yield made


@pytest.fixture
def store(migrated_database_url: str) -> Iterator[Store]:
    """A store with nobody in it."""
    with empty_store(migrated_database_url, FakeClock(), []) as made:
        yield made
