"""The server that ``tests.bench.acks`` measures: Lantern on Slack, or an app that only answers.

``python -m tests.bench.ack_server SIDE DATABASE_URL`` prints its port once it listens. The clock of
Lantern's office stands still. The local Slack runs in this process and uses its time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
import uvicorn
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.slack.listeners import FORM_PATIENCE, PATIENCE
from bot.slack.routes import EVENTS
from tests.bot.slack.campus import slack_campus_in, user_id
from tests.fakes.slack.records import SIGNING_SECRET

PEOPLE = ("alice", "bob", "sana", "lena")
TRIGGERS = 20_000
"""Trigger ids made before the first request, for each person in turn: the n-th is ``n.2.3``."""


async def _answer(request: Request) -> Response:
    """Verify the signature and answer: the fastest that any server can be that checks
    signatures."""
    body = await request.body()
    is_signed = SignatureVerifier(SIGNING_SECRET).is_valid_request(body, dict(request.headers))
    return Response(status_code=200 if is_signed else 401)


@contextmanager
def _floor() -> Iterator[Starlette]:
    yield Starlette(routes=[Route(EVENTS, _answer, methods=["POST"])])


@contextmanager
def _ours(database_url: str) -> Iterator[Starlette]:
    with tempfile.TemporaryDirectory(prefix="lantern-acks-") as folder:
        home = Path(folder) / "home"
        with slack_campus_in(home, PATIENCE, FORM_PATIENCE, database_url=database_url) as campus:
            campus.office.world.open_case("dana")
            campus.office.works()
            for number in range(TRIGGERS):
                campus.slack.windows[f"V{number}"] = {}
                campus.slack.trigger(user_id(PEOPLE[number % len(PEOPLE)]))
            yield Starlette(routes=campus.side.routes)


def main(side: str, database_url: str) -> None:
    """Serve until the process is stopped."""
    with _floor() if side == "floor" else _ours(database_url) as app:
        # Log lines go to no terminal, as in production.
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        listening = config.bind_socket()
        listening.listen(config.backlog)
        print(listening.getsockname()[1], flush=True)
        server.run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
