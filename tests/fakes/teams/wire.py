"""Over real sockets: the fake as a server, and the way there for those who insist on names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

from tests.fakes.graph.entra import AUTHORITY
from tests.fakes.teams.keys import ROOT
from tests.fakes.teams.service import HOST, FakeTeams

_PLACES = {
    httpx.URL(AUTHORITY).host: "/entra",
    httpx.URL(ROOT).host: "/bot",
    HOST: "/smba",
}


class Rerouted(httpx.BaseTransport):
    """What is sent to Microsoft by https goes to the fake; what is sent elsewhere is noted."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._there = httpx.URL(base)
        self._http = httpx.HTTPTransport()
        self.astray: list[str] = []
        """Hosts that were asked and are not Microsoft's."""
        self.bearers: set[str] = set()
        """Hosts that got a bearer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if "authorization" in request.headers:
            self.bearers.add(host)
        if request.url.scheme != "https" or host not in _PLACES:
            self.astray.append(host)
            raise httpx.ConnectError("there is nothing else")
        raw = _PLACES[host].encode() + request.url.raw_path
        url = self._there.copy_with(raw_path=raw)
        # A new one: who tries again does so with the same, which has to keep its address.
        there = httpx.Request(request.method, url, headers=request.headers, content=request.read())
        return self._http.handle_request(there)

    def close(self) -> None:
        self._http.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    teams: FakeTeams

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a lost answer is what was asked for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else the body of each answer waits 40 ms until its head was acknowledged.
    disable_nagle_algorithm = True
    server: _Server

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = f"http://{self.headers['Host']}{self.path}"
        request = httpx.Request(self.command, url, headers=list(self.headers.items()), content=body)
        try:
            response = self.server.teams.respond(request)
        except httpx.ReadError:
            self.close_connection = True
            return
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            if name not in ("content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 -- the base class's names

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(teams: FakeTeams) -> Iterator[str]:
    """The fake on a port of its own; gives its address."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.teams = teams
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
