"""Fixtures: a prepared school that is set up once and copied for each story."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.school import School, copy_of, open_school, prepare


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Prepare both schools for the morning of Monday 23 November, with seven weeks of data.

    The processes of one run share it: the first one prepares it, and the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home = shared / "policy-prepared"
    with (shared / "policy-prepared.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            prepare(home)
            (home / "ready").touch()
    return home


@pytest.fixture
def school(prepared: Path, tmp_path: Path) -> Iterator[School]:
    """Open a copy of the prepared schools for one story."""
    with open_school(copy_of(prepared, tmp_path / "home")) as opened:
        yield opened
