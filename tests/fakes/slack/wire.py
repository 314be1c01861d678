"""The fake over a real socket, so that the real SDK talks to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

from tests.fakes.slack.records import Json, LostAnswer
from tests.fakes.slack.service import FakeSlack, decoded


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    slack: FakeSlack


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else the body of each answer waits 40 ms until its head was acknowledged.
    disable_nagle_algorithm = True
    server: _Server

    def _any(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        given = decoded(content, self.headers.get("Content-Type") or "")
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        path, _, query = self.path.partition("?")
        given |= dict(parse_qsl(query))
        method = path.removeprefix("/api/")
        if method.startswith("response/"):
            # It takes no token, and shows what is said to the one person.
            self.server.slack.answered.append((method.removeprefix("response/"), given))
            self._says(200, {}, {"ok": True})
            return
        try:
            status, headers, body = self.server.slack.respond(method, token, given)
        except LostAnswer:
            self.close_connection = True
            return
        self._says(status, headers, body)

    def _says(self, status: int, headers: dict[str, str], body: Json) -> None:
        answer = json.dumps(body).encode()
        self.send_response(status)
        sized = {"Content-Type": "application/json", "Content-Length": str(len(answer))}
        for name, value in {**headers, **sized}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = _any  # noqa: N815 -- the base class's names

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(slack: FakeSlack) -> Iterator[str]:
    """The fake on a port of its own; gives the address of its API."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.slack = slack
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
        server.shutdown()
