"""The demo, set up once for all processes of a run, and copied for each test that opens it."""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from integrations.bootstrap import Services, build, utc_now
from worker.demo.clock import StoryClock
from worker.demo.days import Days
from worker.demo.output import Lines
from worker.demo.run import set_up
from worker.demo.setup import embedded_settings


def prepared(factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the home of a demo on its morning, which nobody works in.

    The first process of a run sets it up, and the others wait.
    """
    base = factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home, opened = shared / "demo-prepared", shared / "demo-opened-on"
    with (shared / "demo-prepared.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not opened.exists():
            home.mkdir()
            with set_up(home, Lines(Console(quiet=True))) as (_, days):
                opened.write_text(days.story.isoformat(), encoding="utf-8")
    return home


@contextmanager
def demo_in(home: Path, made: Path) -> Iterator[tuple[Services, Days]]:
    """Go on in ``home``, as ``lantern demo`` does, with a copy of the demo that was ``made``."""
    shutil.copytree(made, home)
    clock = StoryClock(utc_now)
    clock.let_go()
    services = build(embedded_settings(home), now=clock)
    day = dt.date.fromisoformat((made.parent / "demo-opened-on").read_text(encoding="utf-8"))
    try:
        yield services, Days(services, clock, day)
    finally:
        services.close()
