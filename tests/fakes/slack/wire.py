"""The fake over a real socket, so that the real SDK can call it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import httpx

from tests.fakes.over_http import QuietHandler, QuietServer, served
from tests.fakes.slack.records import LostAnswer
from tests.fakes.slack.service import FakeSlack, decoded


class _Server(QuietServer):
    slack: FakeSlack


class _Handler(QuietHandler):
    server: _Server

    def _any(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/upload/"):
            # This address takes no token.
            taken = self.server.slack.take_content(self.path.removeprefix("/upload/"), content)
            self.write(httpx.Response(200 if taken else 404))
            return
        kind = self.headers.get("Content-Type") or ""
        given = decoded(content, kind)
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        path, _, query = self.path.partition("?")
        given |= dict(parse_qsl(query))
        method = path.removeprefix("/api/")
        if method == "files.getUploadURLExternal" and kind.startswith("application/json"):
            given = {"a body that Slack does not read": content}
        if method.startswith("response/"):
            # This address takes no token, and its answer is shown to one person alone.
            self.server.slack.answered.append((method.removeprefix("response/"), given))
            self.write(httpx.Response(200, json={"ok": True}))
            return
        try:
            status, headers, body = self.server.slack.respond(method, token, given)
        except LostAnswer:
            self.close_connection = True
            return
        self.write(httpx.Response(status, headers=headers, json=body))

    do_GET = do_POST = _any  # noqa: N815 -- the base class's names


@contextmanager
def serving(slack: FakeSlack) -> Iterator[str]:
    """Serve the fake on a port of its own, and yield the address of its API."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.slack = slack
    with served(server) as address:
        slack.uploads = f"{address}/upload/"
        yield f"{address}/api/"
