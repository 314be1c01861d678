"""The doors of a web process: headers, and limits of size and time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot import address_limits
from bot.address_limits import AddressLimits, Allowed
from bot.app import create_app
from tests.worker.office import Office
from worker.processes import http_server
from worker.processes.http_server import server_config

SOON = 0.3
"""Seconds for headers in these tests."""


async def _length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@contextmanager
def served(app: ASGIApp, proxies: str = "127.0.0.1") -> Iterator[int]:
    """Serve the application as a web process does, and give its port."""
    server = uvicorn.Server(server_config(app, proxies, port=0, lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


def until_closed(port: int, *parts: bytes, pause: float = 0.1) -> float:
    """Send the parts slowly; return how many seconds it took the server to hang up, 5 at most."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for part in parts:
            line.sendall(part)
            time.sleep(pause)
        try:
            while line.recv(4096):
                pass
        except ConnectionError:
            pass
    return time.monotonic() - began


def test_one_address_can_ask_only_so_much_and_only_the_proxy_says_which(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, met = [100.0], Route("/me", _length, methods=["GET"])
    monkeypatch.setattr(address_limits, "ADDRESSES", 3)
    routes = [met, Route("/livez", _length)]
    allowed = {"/me": Allowed(20, 0.5)}
    limited = AddressLimits(Starlette(routes=routes), allowed, lambda: clock[0])

    def asks(browser: httpx.Client, path: str = "/me", source: str = "203.0.113.7") -> Any:
        return browser.get(path, headers={"X-Forwarded-For": source})

    with served(limited) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as browser:
        assert [asks(browser).status_code for _ in range(21)] == [200] * 20 + [429]
        assert asks(browser).headers["Retry-After"] == "2"
        assert asks(browser, "/livez").status_code == 200, "no door"
        assert asks(browser, source="203.0.113.8").status_code == 200, "another address"
        clock[0] += 2
        assert [asks(browser).status_code for _ in range(2)] == [200, 429]
        clock[0] += 60
        guesses = [asks(browser, "/me/guess", "2001:db8::1").status_code for _ in range(2)]
        assert guesses == [404, 404]
        assert asks(browser, source="2001:db8::2").status_code == 429, "of the same network"
        for number in range(9):
            asks(browser, source=f"198.51.100.{number}")
        assert len(limited._left) == 3
    with (
        served(limited, proxies="192.0.2.1") as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}") as browser,
    ):
        found = [asks(browser, source=f"203.0.113.{number}").status_code for number in range(21)]
        assert found[-1] == 429, "a stranger chooses the address that is counted"


def test_slow_requests_are_ended_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEADERS_WITHIN", SOON)
    monkeypatch.setattr(http_server, "WHOLE_WITHIN", 2 * SOON)
    begun = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    with served(Starlette(routes=[Route("/", _length, methods=["POST"])])) as port:
        assert until_closed(port) < 5 * SOON, "silence"
        assert until_closed(port, begun, b"A: b\r\n") < 5 * SOON, "headers without an end"
        long = begun + b"Content-Length: 100\r\n\r\n"
        assert until_closed(port, long, b"a") < 6 * SOON, "a body without an end"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as browser:
            for _ in range(2):
                assert browser.post("/", content=b"a" * 200_000).text == "200000"
                time.sleep(2 * SOON)  # the connection stays open between requests
            large = browser.post("/", headers={"A": "b" * 20 * http_server.LARGEST_HEADERS})
            assert large.status_code in (400, 431)


def test_every_response_has_the_security_headers_and_none_names_the_server(office: Office) -> None:
    with served(create_app(office.services)) as port:
        for path in ("/healthz", "/livez", "/nowhere", "/student/no-such-link"):
            answer = httpx.get(f"http://127.0.0.1:{port}{path}")
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "server" not in answer.headers, path
            assert "Strict-Transport-Security" not in answer.headers, path
    behind = {"public_url": "https://lantern.example"}
    settings = office.services.settings.model_copy(update=behind)
    office.services = replace(office.services, settings=settings)
    with served(create_app(office.services)) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/livez")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
