"""Live updates of the sandbox, in a process of its own with real signals."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

HELLO = {"channel": "bio", "as": "alice", "key": "0123456789abcdef", "text": "Hello"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the sandbox in a process of its own, as it runs in use."""
    port = _free_port()
    command = [sys.executable, "-W", "error", "-m", "tests.bot.sandbox_fake", str(port)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            _wait_for(url)
            yield process, url
        finally:
            process.kill()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the sandbox does not answer")


def test_the_stream_tells_of_changes_and_ends_with_the_server(
    server: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, url = server
    with httpx.stream("GET", f"{url}/sandbox/events", timeout=60) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in stream.iter_lines() if line)
        assert next(lines) == "data: 3"
        httpx.post(f"{url}/sandbox/say", data=HELLO)
        assert next(lines) == "data: 4"
        process.send_signal(signal.SIGTERM)
        assert list(lines) == []
    process.wait(timeout=60)
    assert process.stderr is not None
    assert process.stderr.read() == b""
