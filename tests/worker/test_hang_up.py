"""SIGHUP stops no service; when a terminal is closed, each process ends in order."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import free_port
from tests.worker.starting import LANTERN, PATIENCE, environment, wait_for
from worker.processes.hang_up import IGNORED


@pytest.fixture
def heard() -> Iterator[None]:
    """Restore SIGHUP's default: under ``nohup`` it would be ignored by every process started
    here."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("has_terminal", [False, True])
def test_a_service_goes_on_and_a_terminal_is_followed(tmp_path: Path, has_terminal: bool) -> None:
    port = free_port()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*LANTERN, "web"],
        env=environment(tmp_path, {"PORT": str(port)}),
        stdin=theirs if has_terminal else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as web:
        late = threading.Timer(PATIENCE, web.kill)
        late.start()
        try:
            wait_for(port, web)
            assert web.stderr
            started = f'event="web started" address=http://127.0.0.1:{port}'
            assert started in web.stderr.readline()
            web.send_signal(signal.SIGHUP)
            if not has_terminal:
                while IGNORED not in web.stderr.readline():
                    assert web.poll() is None
                assert httpx.get(f"http://127.0.0.1:{port}/livez").status_code == 200
                web.terminate()
            said = web.stderr.read()
            assert web.wait() == 0
            assert 'event="web stopped"' in said
        finally:
            late.cancel()
            web.kill()
            os.close(ours)
            os.close(theirs)
