"""A REDIS_URL whose scheme does not match the server's TLS ends each start with a correction.

The start ends within seconds. A server that never answers does not stop a process from ending at a
signal.
"""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from integrations.redis_scheme import SPEAKS_NO_TLS, SPEAKS_TLS
from tests.fakes.graph.entra import certificate
from tests.servers import redis_server
from tests.worker.starting import PATIENCE, environment, start

PROCESSES = ["web", "worker", "clock", "up"]
LANTERN = [sys.executable, "-m", "worker.cli.main"]


@contextmanager
def speaking_tls(folder: Path) -> Iterator[int]:
    """Run a server that speaks TLS only, and give its port."""
    file = folder / "tls.pem"
    file.write_text(certificate(), encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), context.wrap_socket(connection, server_side=True):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("process", PROCESSES)
def test_tls_where_there_is_none_is_said(tmp_path: Path, process: str) -> None:
    with redis_server() as url:
        done = start(tmp_path, process, REDIS_URL=url.replace("redis:", "rediss:"))
    assert (done.code, done.err) == (2, f"{SPEAKS_NO_TLS}\n")


@pytest.mark.parametrize("process", PROCESSES)
def test_no_tls_where_there_is_some_is_said(tmp_path: Path, process: str) -> None:
    with speaking_tls(tmp_path) as port:
        url = f"redis://somebody:hush-hush@127.0.0.1:{port}/0"
        done = start(tmp_path / "home", process, REDIS_URL=url)
    assert (done.code, done.err) == (2, f"{SPEAKS_TLS}\n")


def test_a_worker_of_a_redis_that_says_nothing_ends_when_asked(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"rediss://127.0.0.1:{silent.getsockname()[1]}/0"
        worker = subprocess.Popen(
            [*LANTERN, "worker"],
            env=environment(tmp_path, {"REDIS_URL": url}),
            stderr=subprocess.PIPE,
            text=True,
        )
        late = threading.Timer(PATIENCE, worker.kill)
        late.start()
        try:
            assert worker.stderr is not None
            said = ""
            while "waiting for Redis" not in said:
                line = worker.stderr.readline()
                assert line, said
                said += line
            worker.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert worker.wait() == 0
            assert time.monotonic() - began < 30
        finally:
            late.cancel()
            worker.kill()
            if worker.stderr is not None:
                worker.stderr.close()
