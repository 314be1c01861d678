"""The invented world on a database of its own, once on each kind.

Migrating and filling a database takes longer than most tests, so it is done once for each kind,
and every test gets a copy.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from store.unit_of_work import Store
from tests import servers
from tests.world import FakeClock, World, empty_store, opened_world, populate


@pytest.fixture(scope="session")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with everybody in it, to copy."""
    path = tmp_path_factory.mktemp("world") / "lantern.db"
    populate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_world(postgres_url: str) -> Iterator[str]:
    """The name of a PostgreSQL database with everybody in it, to copy."""
    with servers.new_postgresql_database(postgres_url) as url:
        populate(url)
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own with everybody in it."""
    if request.param == "sqlite":
        path = tmp_path / "lantern.db"
        shutil.copyfile(request.getfixturevalue("sqlite_world"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgres_world")
        server = request.getfixturevalue("postgres_url")
        with servers.new_postgresql_database(server, template) as url:
            yield url


@pytest.fixture
def world(world_url: str) -> Iterator[World]:
    """Everybody of ``tests.people``, nothing done yet."""
    with opened_world(world_url) as made:
        yield made


@pytest.fixture
def store(fresh_database_url: str) -> Iterator[Store]:
    """A store with nobody in it."""
    with empty_store(fresh_database_url, FakeClock(), []) as made:
        yield made
