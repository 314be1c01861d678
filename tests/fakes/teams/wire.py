"""The fake over real sockets, and a route to it for clients that use Microsoft's host names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.fakes.graph.entra import AUTHORITY
from tests.fakes.over_http import QuietHandler, QuietServer, served
from tests.fakes.teams.keys import ROOT
from tests.fakes.teams.service import HOST, FakeTeams

_PLACES = {
    httpx.URL(AUTHORITY).host: "/entra",
    httpx.URL(ROOT).host: "/bot",
    HOST: "/smba",
}


class Rerouted(httpx.BaseTransport):
    """A transport that sends https requests for Microsoft to the fake, and records all others."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._there = httpx.URL(base)
        self._http = httpx.HTTPTransport()
        self.astray: list[str] = []
        """Hosts of requests that are not Microsoft's."""
        self.bearers: set[str] = set()
        """Hosts that received a bearer token."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if "authorization" in request.headers:
            self.bearers.add(host)
        if request.url.scheme != "https" or host not in _PLACES:
            self.astray.append(host)
            raise httpx.ConnectError("there is nothing else")
        raw = _PLACES[host].encode() + request.url.raw_path
        url = self._there.copy_with(raw_path=raw)
        # A new request: a caller that retries sends the same object, which must keep its address.
        there = httpx.Request(request.method, url, headers=request.headers, content=request.read())
        return self._http.handle_request(there)

    def close(self) -> None:
        self._http.close()


class _Server(QuietServer):
    teams: FakeTeams


class _Handler(QuietHandler):
    server: _Server

    def _any(self) -> None:
        try:
            self.write(self.server.teams.respond(self.as_request()))
        except httpx.ReadError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 -- the base class's names


@contextmanager
def serving(teams: FakeTeams) -> Iterator[str]:
    """Serve the fake on a port of its own, and yield its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.teams = teams
    with served(server) as address:
        yield address
