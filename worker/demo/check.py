"""``lantern demo --check``: the journey, step by step, through the pages of a running server."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

import httpx
import uvicorn

from integrations.bootstrap import Services
from store.rules.text.formatting import counted
from worker.demo.browser import NotThere
from worker.demo.journey import CheckFailed, Journey, Step
from worker.demo.output import Lines
from worker.demo.steps import STEPS
from worker.processes.serve import LOOPBACK


def check_journey(
    server: uvicorn.Server,
    listener: socket.socket,
    services: Services,
    day: dt.date,
    lines: Lines,
) -> int:
    """Serve in a thread and take every step; returns the exit code."""
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    lines.say(f"\nThe journey, through the pages at {url}\n")
    with _serving(server, listener):
        journey = Journey(url, day, services.store.verify_audit)
        try:
            return take_steps(journey, STEPS, lines)
        finally:
            journey.close()


def take_steps(journey: Journey, steps: Sequence[tuple[str, Step]], lines: Lines) -> int:
    """Do one step after the other, a line each, and stop at the first that fails."""
    began = monotonic()
    for number, (name, step) in enumerate(steps, start=1):
        start = monotonic()
        try:
            said = step(journey)
        except (CheckFailed, NotThere, httpx.HTTPError) as error:
            reason = str(error) or type(error).__name__
            lines.line("failed", f"{number:2}  {name}: {reason}", monotonic() - start, "bold red")
            return 1
        lines.line("ok", f"{number:2}  {name}: {said}", monotonic() - start, "green")
    took = f"{monotonic() - began:.1f} s"
    lines.say(f"\nThe whole journey works: {counted(len(steps), 'step')} in {took}.")
    return 0


@contextmanager
def _serving(server: uvicorn.Server, listener: socket.socket) -> Iterator[None]:
    """Serve in a thread within this block. An early client waits: the socket is listening."""
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="pages")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
