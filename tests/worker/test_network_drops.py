"""A network that drops packets: every click ends within five seconds with a sentence."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import redis
from sqlalchemy import make_url

from bot.app import create_app
from integrations.job_queue import RqQueue
from store.db import answering
from tests.drops import Network, network_to, to_postgresql
from tests.servers import new_postgresql_database
from tests.worker.office import Office, office_in

AT_MOST = 5.0
"""The longest wait for a person, in seconds."""
Given = TypeVar("Given")


@pytest.fixture
def network(postgres_url: str) -> Iterator[Network]:
    with network_to(to_postgresql(postgres_url)) as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, postgres_url: str, network: Network) -> Iterator[Office]:
    with (
        new_postgresql_database(postgres_url) as url,
        office_in(tmp_path, network.postgresql(url)) as made,
    ):
        yield made


def within(seconds: float, do: Callable[[], Given]) -> Given:
    began = time.monotonic()
    done = do()
    assert time.monotonic() - began < seconds
    return done


def test_every_click_ends_with_a_sentence_and_works_again_afterwards(
    office: Office, network: Network
) -> None:
    office.world.open_case("dana")
    app = create_app(office.services)

    def health() -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.get("/healthz")

        return asyncio.run(ask())

    assert health().status_code == 200
    network.drops.set()
    for _ in range(3):
        reply = within(AT_MOST, lambda: office.types("alice", "mine"))
        assert reply.card
        assert "nothing was changed. Try again in a few minutes" in str(reply.card)
        assert within(AT_MOST, health).status_code == 503
        time.sleep(answering.RESTS / 2)  # once with a retry, and once without
    network.drops.clear()
    time.sleep(answering.RESTS)
    assert health().status_code == 200
    reply = office.types("alice", "today")
    assert reply.card
    assert "LANG-1" in str(reply.card)


def test_what_is_dropped_in_the_middle_of_a_transaction_changes_nothing(
    office: Office, network: Network
) -> None:
    store = office.services.store

    def cut() -> None:
        with store.unit_of_work() as work:
            work.record("system:test", "first", "school:1")
            network.drops.set()

    with pytest.raises(Exception, match=r"does not respond|timeout|lost|closed"):
        within(AT_MOST, cut)
    network.drops.clear()
    time.sleep(answering.RESTS)
    assert store.verify_audit() is None


def test_a_redis_behind_it_costs_a_click_nothing(clean_redis_url: str) -> None:
    of = make_url(clean_redis_url)
    reach = lambda: socket.create_connection((of.host, of.port))  # noqa: E731
    with network_to(reach) as network:
        queue = RqQueue(f"redis://127.0.0.1:{network.port}/0", "worker.jobs.run")
        queue.ping()
        network.drops.set()
        with queue.pushing_behind():
            within(0.5, lambda: queue.enqueue("deliver", kind="card"))
            with pytest.raises(redis.exceptions.RedisError):
                within(AT_MOST, queue.ping)
        queue.close()
