"""The fake Graph as a process: ``python -m tests.fakes.graph.server '<options as JSON>'``.

It prints its port, and stops when its standard input ends. ``GET /state`` is for the test.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.fakes.fast_clock import FastClock
from tests.fakes.graph.faults import Faults
from tests.fakes.graph.service import FakeGraph
from tests.fakes.over_http import QuietHandler, QuietServer, served

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Options:
    """Options of the process."""

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
    """Start the fake in a separate process; yields its address, as ``http://127.0.0.1:4711``."""
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
    """Return what the fake has counted."""
    found: dict[str, Any] = httpx.get(f"{address}/state", timeout=30).json()
    return found


class _Server(QuietServer):
    graph: FakeGraph


class _Handler(QuietHandler):
    server: _Server

    def _any(self) -> None:
        if self.path == "/state":
            self.write(httpx.Response(200, json=self.server.graph.state()))
            return
        try:
            self.write(self.server.graph.respond(self.as_request()))
        except httpx.ReadError:
            self.close_connection = True  # the reply is lost

    do_GET = do_POST = do_DELETE = _any  # noqa: N815 -- the base class's names


def main(options: Options) -> None:
    clock = FastClock(options.began, options.speed)
    faults = Faults(options.seed, options.lost, options.after, options.throttled)
    graph = FakeGraph(clock, faults, mailboxes=tuple(options.mailboxes), pem=options.pem)
    graph.boxes.answered = options.answered
    server = _Server(("127.0.0.1", 0), _Handler)
    server.graph = graph
    with served(server):
        print(server.server_address[1], flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Options(**json.loads(sys.argv[1])))
