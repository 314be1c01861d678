"""SIGTERM stops each process at any moment of its start: at the latest once it has started."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from rq import SimpleWorker

from integrations.job_queue import InProcessQueue, RqQueue
from tests.worker.office import Office, office_in
from worker.processes import serve

PATIENCE = 60
"""Seconds after which a process that still runs must have missed the signal."""


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    """Kill a process that still runs, and restore pytest's own handlers."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    late = threading.Timer(PATIENCE, os.kill, (os.getpid(), signal.SIGKILL))
    late.start()
    yield
    late.cancel()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def office(tmp_path: Path, clean_redis_url: str) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        queue = RqQueue(clean_redis_url, "worker.jobs.run")
        made.services = replace(made.services, queue=queue)
        yield made
        queue.connection.close()


def stops(monkeypatch: pytest.MonkeyPatch, of: type, step: str, *, first: bool) -> None:
    """Send the signal right before this step of the start, or right after it."""
    do: Callable[..., Any] = getattr(of, step)

    def signalled(*args: object, **named: object) -> object:
        if first:
            os.kill(os.getpid(), signal.SIGTERM)
        done = do(*args, **named)
        if not first:
            os.kill(os.getpid(), signal.SIGTERM)
        return done

    monkeypatch.setattr(of, step, signalled)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "step", ["__init__", "bootstrap", "_install_signal_handlers", "check_for_suspension"]
)
def test_a_worker(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str, *, first: bool
) -> None:
    stops(monkeypatch, SimpleWorker, step, first=first)

    serve.work(office.services)


@pytest.mark.parametrize("first", [True, False])
def test_the_clock(office: Office, monkeypatch: pytest.MonkeyPatch, *, first: bool) -> None:
    stops(monkeypatch, BackgroundScheduler, "start", first=first)

    serve.run_clock(office.services)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("of", [InProcessQueue, BackgroundScheduler])
def test_the_pages_with_their_embedded_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: type, *, first: bool
) -> None:
    with office_in(tmp_path) as office:
        before = set(threading.enumerate())
        stops(monkeypatch, of, "start", first=first)

        with pytest.raises(SystemExit):
            serve.serve(office.services, 0)

        assert set(threading.enumerate()) == before
