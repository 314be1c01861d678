"""Over real sockets: the fake as a server, and the way there for those who insist on names."""

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
    """The fake on a port of its own; gives its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.teams = teams
    with served(server) as address:
        yield address
