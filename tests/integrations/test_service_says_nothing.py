"""A server that accepts a connection and never answers delays a click little or not at all."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from integrations.job_queue import QUICK, RqQueue
from store.db import answering, fault_sentences
from store.db.database import SERVER_ANSWERS, Database, Failure
from tests.drops import network_to, to_postgresql

MOST_NOTICED = 0.05
"""In seconds: too short to be noticed."""


@pytest.fixture
def silent() -> Iterator[int]:
    """Return the port of a listener that accepts every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_frozen_redis_is_waited_for_once(silent: int) -> None:
    queue = RqQueue(f"redis://127.0.0.1:{silent}/0", "worker.jobs.run")
    begun = time.monotonic()
    queue.enqueue("sweep")
    first = time.monotonic() - begun
    for _ in range(100):
        queue.enqueue("sweep")
    queue.close()
    assert first < 3 * QUICK
    assert time.monotonic() - begun - first < QUICK / 2


def test_a_frozen_redis_costs_a_click_nothing(silent: int) -> None:
    queue = RqQueue(f"redis://127.0.0.1:{silent}/0", "worker.jobs.run")
    with queue.pushing_behind():
        begun = time.monotonic()
        for school in range(100):
            queue.enqueue("screen", school=school)
        assert time.monotonic() - begun < MOST_NOTICED
    assert time.monotonic() - begun < 3 * QUICK, "nor does the end wait for each"
    queue.close()


def test_jobs_that_are_pushed_behind_arrive(clean_redis_url: str) -> None:
    queue = RqQueue(clean_redis_url, "worker.jobs.run")
    with queue.pushing_behind():
        queue.enqueue("deliver", kind="card")
        queue.enqueue("sweep")
    assert [job.args for job in queue.queue.jobs] == [["deliver"], ["sweep"]]
    queue.close()


def test_a_database_that_says_nothing_is_away_within_seconds(silent: int) -> None:
    database = Database(f"postgresql+psycopg://lantern@127.0.0.1:{silent}/lantern")
    begun = time.monotonic()
    with pytest.raises(Failure) as failed:
        database.ping()
    database.close()
    assert time.monotonic() - begun < SERVER_ANSWERS["connect_timeout"] + 3
    assert fault_sentences.sentence_of(failed.value) == fault_sentences.AWAY


def test_a_database_that_hangs_ends_what_waits_and_a_slow_statement_goes_on(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "QUIET", 0.2)
    monkeypatch.setattr(answering, "ASKED", 2)
    with network_to(to_postgresql(postgres_url)) as network:
        database = Database(network.postgresql(postgres_url))
        with database.read() as connection:
            assert connection.execute(sa.text("SELECT pg_sleep(1), 7")).one()[1] == 7
        network.drops.set()
        begun = time.monotonic()
        with pytest.raises(Failure) as failed:
            database.ping()
        assert time.monotonic() - begun < 2 + SERVER_ANSWERS["connect_timeout"] + 3
        assert fault_sentences.sentence_of(failed.value) == fault_sentences.AWAY
        network.drops.clear()
        time.sleep(answering.RESTS)
        database.ping()
        database.close()
