"""Fixtures and options of every test: real servers on request, no network beyond this machine.

Nothing heavy is imported here before a test needs it, so that a test of a rule starts in a second:
SQLAlchemy, the tables and the servers' clients take four times as long as pytest itself.
"""

from __future__ import annotations

import atexit
import gc
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests import in_memory
from tests.long_first import long_first

if TYPE_CHECKING:
    from tests.pristine import Pristine

# A server that already runs may stand in for our own. Every test's database is created on the
# first and dropped; the second is flushed before each test that uses it.
OWN_DATABASE_URL = os.environ.get("TEST_DATABASE_URL")
OWN_REDIS_URL = os.environ.get("TEST_REDIS_URL")


LOOKED_THROUGH = (10_000, 20, 50)
"""New objects after which the garbage collector runs. The default of a few hundred would cost a
twentieth of the time, and a test leaves little garbage."""


in_memory.keep_files()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--exhaustive``, for ``make test ARGS=--exhaustive``."""
    parser.addoption(
        "--exhaustive",
        action="store_true",
        help="try every combination, and each case of a test on PostgreSQL as well",
    )


@pytest.fixture(scope="session")
def exhaustive(pytestconfig: pytest.Config) -> bool:
    """Return whether tests try all combinations, or only a sample that includes each value."""
    return bool(pytestconfig.getoption("exhaustive"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Limit runs on PostgreSQL: every second test of a file, and the first of several cases.

    The others would send the same statements again. SQLite runs each test and each case.
    """
    long_first(items)
    if config.getoption("exhaustive"):
        return
    kept, left = list[pytest.Item](), list[pytest.Item]()
    tests: dict[Path, list[str]] = {}
    for item in items:
        if item.get_closest_marker("exhaustive"):
            left.append(item)
        elif "postgresql" in _cases_of(item):
            name, of_file = item.name.partition("[")[0], tests.setdefault(item.path, [])
            is_first_case = name not in of_file
            if is_first_case:
                of_file.append(name)
            (kept if is_first_case and len(of_file) % 2 else left).append(item)
        else:
            kept.append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def pytest_collection_finish() -> None:
    """Share compiled statements if a collected test has imported SQLAlchemy, and freeze the heap.

    The garbage collector then skips all imported and collected objects, which live to the end:
    scanning them again and again would take a tenth of the time.
    """
    if "sqlalchemy" in sys.modules:
        from tests.compiled import share_statements

        share_statements()
    if tone := sys.modules.get("store.rules.text.tone.check"):
        from tests.compiled import share_judgements

        share_judgements(tone)
    if transports := sys.modules.get("httpx._transports.default"):
        from tests.compiled import share_trust

        share_trust(transports)
    if opening := sys.modules.get("integrations.open_database"):
        from tests.compiled import share_migration

        share_migration(opening)
    if activity := sys.modules.get("integrations.activity.scratch_database"):
        from tests.compiled import compute_on_one_core

        compute_on_one_core(activity)
    if typer := sys.modules.get("typer.main"):
        from tests.compiled import share_commands

        share_commands(typer)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOKED_THROUGH)
    gc.enable()


def _cases_of(item: pytest.Item) -> Sequence[object]:
    return list(item.callspec.params.values()) if hasattr(item, "callspec") else []


@pytest.fixture(autouse=True)
def nothing_was_logged_yet() -> None:
    """Clear the log's memory of repeated messages, so that each test sees its own."""
    if log := sys.modules.get("integrations.fault_log"):
        log.REPEATS.forget()


@pytest.fixture(autouse=True)
def logs_go_where_this_test_looks() -> Iterator[None]:
    """Reset structlog after a test: a command may have pointed it to a stream that is now
    closed."""
    yield
    if (structlog := sys.modules.get("structlog")) and structlog.is_configured():
        structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def no_disk_is_waited_for() -> Iterator[None]:
    """Skip ``fsync``: no test needs its files after a power cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the URL of a PostgreSQL server, started for the first test that asks."""
    from sqlalchemy import make_url

    from tests import servers

    if OWN_DATABASE_URL:
        own = make_url(OWN_DATABASE_URL).set(drivername="postgresql+psycopg")
        yield own.render_as_string(hide_password=False)
    else:
        with servers.postgresql_server() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database. A test that asks runs on SQLite and on PostgreSQL."""
    from tests import servers

    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lantern.db'}"
    else:
        with servers.new_postgresql_database(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[Pristine]:
    """Give a migrated PostgreSQL database without any people, to lend to tests."""
    from tests.pristine import pristine
    from tests.stores import migrate

    with pristine(postgres_url, migrate) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a migrated database, as ``fresh_database_url`` does. Migrating takes longer than most
    tests, so it is done once."""
    from tests.pristine import own_database
    from tests.stores import migrated_sqlite

    lent = partial(request.getfixturevalue, "migrated_postgres")
    with own_database(request.param, tmp_path, migrated_sqlite, lent) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Give the URL of a Redis server, started for the first test that asks."""
    from tests import servers

    if OWN_REDIS_URL:
        yield OWN_REDIS_URL
    else:
        with servers.redis_server() as url:
            yield url


@pytest.fixture
def clean_redis_url(redis_url: str) -> str:
    """Give the same server, emptied."""
    import redis

    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    return redis_url


def _addresses(url: str | None) -> set[str]:
    host = urlsplit(url or "").hostname
    return (
        {host, *(str(found[4][0]) for found in socket.getaddrinfo(host, None))} if host else set()
    )


REACHABLE = {"", "localhost"} | _addresses(OWN_DATABASE_URL) | _addresses(OWN_REDIS_URL)


def refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    """Raise an error if a test contacts another machine.

    An audit hook cannot be bypassed by a library. Code under test does not mistake the error for a
    service that is unavailable.
    """
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name not in REACHABLE and not _is_loopback(name):
        raise RuntimeError(f"a test tried to reach {name}: tests stay on this machine")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


# While modules are imported and tests are collected, hardly any garbage arises.
gc.disable()
# Libraries check for leftover objects at exit; pytest looks for garbage before, several times.
atexit.register(gc.unfreeze)
sys.addaudithook(refuse_other_machines)
