"""A worker survives a restart of Redis: it waits, and continues in the same process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from rq import Worker

from integrations.job_queue import RqQueue
from tests.servers import free_port, redis_server
from tests.worker.office import office_in
from worker.processes.serve import _Worker

PATIENCE = 120
"""Seconds; one or two are enough on an idle machine."""
WORKER = """
from worker.processes import credentials
credentials.PAUSES = (0.1,)  # the start itself tries for seven seconds, which test_start waits for
from worker.cli.main import main
main()
"""


def until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.2)


def asks_for_work(url: str) -> None:
    """Queue one job, and wait until a worker has taken it."""
    queue = RqQueue(url, "worker.jobs.run")
    queue.enqueue("deliver", kind="card")
    until(lambda: not queue.queue.get_job_ids())
    queue.connection.close()


def test_a_worker_waits_for_redis_from_the_start_and_again_and_goes_on(tmp_path: Path) -> None:
    with office_in(tmp_path):
        pass
    port = free_port()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, "worker"],
        env=os.environ
        | {"LANTERN_HOME": str(tmp_path), "REDIS_URL": f"redis://127.0.0.1:{port}/0"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stderr is not None
        said = ""
        while "waiting for Redis" not in said:
            said += worker.stderr.readline()
        assert "REDIS_URL" in said
        with redis_server(port) as url:
            asks_for_work(url)
        time.sleep(3)
        assert worker.poll() is None, "Redis is away, and the worker waits"
        with redis_server(port) as url:
            asks_for_work(url)
            assert worker.poll() is None
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=PATIENCE) == 0
    finally:
        worker.kill()
        worker.wait()
        if worker.stderr is not None:
            worker.stderr.close()


def test_a_worker_that_redis_forgot_is_listed_again() -> None:
    """A Redis that restarts without its data has no list of workers; rq's own would stay
    unlisted."""
    with redis_server() as url:
        queue = RqQueue(url, "worker.jobs.run")
        worker = _Worker([queue.queue], connection=queue.connection, stopped=Event())
        worker.register_birth()  # type: ignore[no-untyped-call]
        queue.connection.flushall()
        assert Worker.count(connection=queue.quick) == 0
        worker.heartbeat()
        assert [each.name for each in Worker.all(connection=queue.quick)] == [worker.name]
        worker.register_death()  # type: ignore[no-untyped-call]
        queue.close()
