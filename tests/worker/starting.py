"""Starts a process as an operator does, and records its output and how it ends."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.slack.records import APP_TOKEN, CLIENT_SECRET, TEAM, TOKEN
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.policy.doors import Printed, command_line
from tests.servers import free_port

LANTERN = [sys.executable, "-m", "worker.cli.main"]
PATIENCE = 300
"""Seconds within which a start must end, retries and pauses included."""
BY_SOCKET = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
ENTRA = "11111111-2222-3333-4444-555555555555"
GRAPH = {"GRAPH_TENANT_ID": ENTRA, "GRAPH_CLIENT_ID": ENTRA, "GRAPH_CLIENT_SECRET": "hush-hush"}
TEAMS = {"TEAMS_TENANTS": ENTRA, "TEAMS_CLIENT_ID": ENTRA, "TEAMS_CLIENT_SECRET": "hush-hush"}
NOWHERE = "https://127.0.0.1:1"


def environment(home: Path, settings: dict[str, str]) -> dict[str, str]:
    bare = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**bare, "LANTERN_HOME": str(home), "PORT": str(free_port()), **settings}


def start(home: Path, process: str, **settings: str) -> Printed:
    """Run in this process what must end by itself: starting another process takes two seconds."""
    late = threading.Timer(PATIENCE, os.kill, (os.getpid(), signal.SIGINT))
    late.start()
    try:
        return command_line(environment(home, settings), process)
    finally:
        late.cancel()


def says(done: Printed, *words: str) -> None:
    assert done.code == 2, done.err
    (sentence,) = done.err.splitlines()
    for word in words:
        assert word in sentence
    assert sentence.endswith(".")
    for secret in ("hush-hush", TOKEN, APP_TOKEN, CLIENT_SECRET, "xoxb-w", "xapp-w"):
        assert secret not in done.err
    assert "Traceback" not in done.err


@contextmanager
def slack() -> Iterator[tuple[FakeSlack, str]]:
    fake = FakeSlack(lambda: dt.datetime.now(dt.UTC))
    with serving(fake) as url:
        yield fake, url


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                if b"200" in connection.recv(100):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(process.stderr.read() if process.stderr else "")
