"""A local learning record store that refuses what a real one refuses.

It keeps to the specification: the version's header, Basic authentication, ``since`` and ``until``
as timestamps that are compared with the time of storing, pages behind ``more``, no statement that
another voids. Fields set how real stores differ from it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

KEY, SECRET = "lantern", "an-invented-secret"
Statement = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


@dataclass
class FakeLrs:
    """The store. ``fault`` may answer a request (counted from 1) instead, or raise."""

    statements: list[Statement] = field(default_factory=list)
    page: int = 3
    more: str = "/xapi/statements?{}"
    """The form of a link to the next page, around its query."""
    by: str = "stored"
    """The field for ``since`` and the order; Ralph uses ``timestamp``."""
    newest_page_first: bool = False
    """As in Ralph's file backend: ``ascending`` applies only within each page."""
    through: str = ""
    port: int = 0
    fault: Callable[[int], Answer | None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    """The path of each request."""

    @property
    def url(self) -> str:
        """Return the store's address for ``feed.toml``."""
        return f"http://127.0.0.1:{self.port}/xapi"

    def answer(self, path: str, headers: Any) -> Answer:
        """Answer a request as a store does."""
        self.asked.append(path)
        if instead := self.fault(len(self.asked)):
            return instead
        url = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        pair = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if headers.get("Authorization") != f"Basic {pair}":
            return 401, {}, b""
        if not headers.get("X-Experience-API-Version"):
            return 400, {}, b"X-Experience-API-Version is missing"
        if url.path != "/xapi/statements":
            return 404, {}, b""
        if any(name in query and not _TIMESTAMP.fullmatch(query[name]) for name in _TIMES):
            return 400, {}, b"since is no timestamp"
        found = self._found(query)
        begin = int(query.get("cursor", 0))
        size = min(self.page, int(query.get("limit") or self.page))
        body: dict[str, Any] = {"statements": found[begin : begin + size]}
        if begin + size < len(found):
            body["more"] = self.more.format(urlencode({**query, "cursor": begin + size}))
        through = {"X-Experience-API-Consistent-Through": self.through} if self.through else {}
        return 200, through, json.dumps(body).encode()

    def _found(self, query: dict[str, str]) -> list[Statement]:
        voided = {
            each["object"]["id"]
            for each in self.statements
            if each["verb"]["id"].endswith("/voided")
        }
        since, until = (_instant(query.get(name, "")) for name in _TIMES)
        found = [
            each
            for each in self.statements
            if each.get("id") not in voided
            and (since is None or _instant(each[self.by]) > since)  # type: ignore[operator]
            and (until is None or _instant(each[self.by]) <= until)  # type: ignore[operator]
        ]
        found.sort(key=lambda each: str(each[self.by]), reverse="ascending" not in query)
        if self.newest_page_first:
            pages = [
                found[max(0, end - self.page) : end] for end in range(len(found), 0, -self.page)
            ]
            found = [each for page in pages for each in page]
        return found


_TIMES = ("since", "until")


def _instant(written: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(written) if written else None


@contextmanager
def running(lrs: FakeLrs) -> Iterator[FakeLrs]:
    """Serve it on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                status, headers, body = lrs.answer(self.path, self.headers)
            except ConnectionError:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        lrs.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield lrs
        finally:
            server.shutdown()
            thread.join()
