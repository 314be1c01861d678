"""Check that the tests' own servers are real, separate, and removed afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine, make_url, text

from tests import servers

ROOT = Path(__file__).parent.parent


def test_the_database_is_what_its_parameter_says(fresh_database_url: str) -> None:
    engine = create_engine(fresh_database_url)
    kind = engine.dialect.name
    with engine.begin() as connection:
        version = "sqlite_version()" if kind == "sqlite" else "version()"
        answer = str(connection.scalar(text(f"SELECT {version}")))
    engine.dispose()

    assert answer.startswith("3." if kind == "sqlite" else "PostgreSQL ")


@pytest.mark.parametrize("_round", [1, 2])
def test_every_test_finds_an_empty_database(fresh_database_url: str, _round: int) -> None:
    engine = create_engine(fresh_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    engine.dispose()


def test_databases_of_one_server_do_not_see_each_other(postgres_url: str) -> None:
    with (
        servers.new_postgresql_database(postgres_url) as one,
        servers.new_postgresql_database(postgres_url) as other,
    ):
        engines = [create_engine(one), create_engine(other)]
        with engines[0].begin() as connection:
            connection.execute(text("CREATE TABLE only_here (id INTEGER)"))
        with engines[1].begin() as connection:
            seen = connection.scalar(text("SELECT to_regclass('only_here')"))
        for engine in engines:
            engine.dispose()

    assert make_url(one).database != make_url(other).database
    assert seen is None


def test_a_database_is_dropped_although_a_test_left_it_open(postgres_url: str) -> None:
    with servers.new_postgresql_database(postgres_url) as url:
        engine = create_engine(url)
        engine.connect()
    engine.dispose()

    server = create_engine(postgres_url)
    with server.connect() as connection:
        names = connection.scalars(text("SELECT datname FROM pg_database")).all()
    server.dispose()
    assert make_url(url).database not in names


@pytest.mark.parametrize("_round", [1, 2])
def test_redis_is_real_and_empty(clean_redis_url: str, _round: int) -> None:
    with redis.Redis.from_url(clean_redis_url) as client:
        assert client.dbsize() == 0
        client.set("left-behind", "yes")
        assert client.info("server")["redis_version"]
        assert client.info("server")["process_id"] != os.getpid()


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    script = "import time\nfrom tests.servers import redis_server\n"
    script += "with redis_server() as url:\n    print(url, flush=True)\n    time.sleep(60)\n"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        with redis.Redis.from_url(url) as client:
            directory = Path(str(client.config_get("dir")["dir"]))
        run.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 20
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not directory.exists()
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("2001:db8::1", 443)])
def test_no_test_reaches_another_machine(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match="tests stay on this machine"):
        socket.create_connection(address, timeout=1)


def test_nor_asks_for_its_name() -> None:
    with pytest.raises(RuntimeError, match="tests stay on this machine"):
        socket.getaddrinfo("mail.example.ac.uk", 443)
