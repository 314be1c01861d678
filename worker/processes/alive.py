"""Which workers are alive: each says so every few seconds, in a key of Redis that soon expires.

rq's own record of a worker outlives a killed one by minutes, or by the limit of the job that it was
doing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker

from integrations.job_queue import QUEUE_NAME

EVERY, EXPIRES = 5, 20
"""Seconds between two signs of life, and after which a silent worker counts as dead."""


@contextmanager
def showing_life(redis: Redis, name: str) -> Iterator[None]:
    """Show until the block ends that the worker of this name is alive, also during a long job."""
    ended = threading.Event()

    def show() -> None:
        with suppress(RedisError):  # the worker itself reports that Redis is away
            redis.set(_key(name), 1, ex=EXPIRES)

    def go_on() -> None:
        while not ended.wait(EVERY):
            show()

    show()
    thread = threading.Thread(target=go_on, name="alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with suppress(RedisError):
            redis.delete(_key(name))


def workers_alive(redis: Redis) -> int:
    """Return how many workers have shown life in the last seconds. Raises ``RedisError``."""
    names = [each.name for each in Worker.all(connection=redis)]
    return sum(bool(redis.exists(_key(name))) for name in names)


def _key(name: str) -> str:
    return f"{QUEUE_NAME}:alive:{name}"
