"""The fake Graph as a process: ``python -m tests.fakes.graph.server '<options as JSON>'``.

Prints its port, and stops when its standard input ends. ``GET /state`` is for the test.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx

from tests.fakes.fast_clock import FastClock
from tests.fakes.graph.faults import Faults
from tests.fakes.graph.service import FakeGraph

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Options:
    """What the process is to be."""

    began: float
    speed: float
    mailboxes: tuple[str, ...]
    pem: str
    seed: int
    lost: float
    after: float
    throttled: float
    answered: float


@contextmanager
def graph_server(options: Options) -> Iterator[str]:
    """The fake in a process of its own; gives its address, such as ``http://127.0.0.1:4711``."""
    command = [sys.executable, "-m", "tests.fakes.graph.server", json.dumps(asdict(options))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


def state_of(address: str) -> dict[str, Any]:
    """What the fake has counted."""
    found: dict[str, Any] = httpx.get(f"{address}/state", timeout=30).json()
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    graph: FakeGraph

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: who was killed does not wait for an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else the body of each answer waits 40 ms until its head was acknowledged.
    disable_nagle_algorithm = True
    server: _Server

    def _any(self) -> None:
        if self.path == "/state":
            self._write(httpx.Response(200, json=self.server.graph.state()))
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = f"http://{self.headers['Host']}{self.path}"
        request = httpx.Request(self.command, url, headers=list(self.headers.items()), content=body)
        try:
            self._write(self.server.graph.respond(request))
        except httpx.ReadError:
            self.close_connection = True  # the reply is lost

    do_GET = do_POST = do_DELETE = _any  # noqa: N815 -- the base class's names

    def _write(self, response: httpx.Response) -> None:
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            if name not in ("content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the paths hold addresses."""


def main(options: Options) -> None:
    clock = FastClock(options.began, options.speed)
    faults = Faults(options.seed, options.lost, options.after, options.throttled)
    graph = FakeGraph(clock, faults, mailboxes=tuple(options.mailboxes), pem=options.pem)
    graph.boxes.answered = options.answered
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.graph = graph
        Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main(Options(**json.loads(sys.argv[1])))
