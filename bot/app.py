"""The ASGI application: Slack, Teams, the sandbox, the students' pages, the receivers of activity
and the health check."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.address_limits import AddressLimits
from bot.metrics import TimeAcknowledgements, metrics_route
from bot.receivers.routes import receiver_routes
from bot.response_security import SecureResponses
from bot.sandbox.app import create
from bot.sandbox.lesson_progress import LessonRoom
from bot.sandbox.local_backend import LiveBackend
from bot.sandbox.shutdown import Stopping
from bot.slack.plugin import slack_side
from bot.slack.routes import EVENTS as SLACK
from bot.student.app import own_page_routes, student_mount
from bot.teams.app import PATH as TEAMS
from bot.teams.app import teams_route
from integrations.bootstrap import Services
from integrations.chat.sandbox import SandboxWorkspace
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.fault_log import log_failure
from store.db.database import Failure
from store.rules.model import Platform

_CALLED_BY_PLATFORMS = {SLACK: Platform.SLACK.value, TEAMS: Platform.TEAMS.value}


def create_app(
    services: Services,
    forward: Callable[[], object] | None = None,
    room: LessonRoom | None = None,
) -> Starlette:
    """Build the application of a web process.

    ``forward`` and ``room`` are for the training sandbox: its own clock, and a lesson.
    """
    stopping = Stopping()
    routes: list[BaseRoute] = [
        Route("/livez", _alive),
        Route("/readyz", _health(services)),
        Route("/healthz", _health(services)),
        student_mount(services.store),
        *own_page_routes(services),
        *receiver_routes(services),
    ]
    if token := services.settings.metrics_token:
        anchor = services.settings.audit_anchor
        routes.append(metrics_route(services.store, token.get_secret_value(), anchor))
    teams = services.workspaces.get(Platform.TEAMS)
    if isinstance(teams, TeamsWorkspace):
        routes.append(teams_route(services, teams))
    slack = slack_side(services)
    routes += slack.routes if slack else []
    sandbox = services.workspaces.get(Platform.SANDBOX)
    if isinstance(sandbox, SandboxWorkspace):
        routes.append(Mount("/", create(LiveBackend(services, sandbox, forward, room), stopping)))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with slack.running() if slack else nullcontext():
            with stopping.on_signals():
                yield

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={Exception: _failed},
        middleware=[
            Middleware(SecureResponses, is_tls=services.settings.public_url.startswith("https://")),
            Middleware(AddressLimits),
            Middleware(TimeAcknowledgements, paths=_CALLED_BY_PLATFORMS),
        ],
    )


async def _failed(_request: Request, error: Exception) -> Response:
    """Answer an error that no page handles. Uses no service, since any of them may have failed."""
    sentence = log_failure("page failed", error)
    said = sentence or "Something went wrong. Your Lantern administrator can find it in the log."
    return PlainTextResponse(f"{said}\n", status_code=503 if sentence else 500)


async def _alive(_request: Request) -> Response:
    """Report that this process is alive, even where a service is unavailable: no need to restart
    it."""
    return JSONResponse({"status": "ok"})


def _health(services: Services) -> Callable[[Request], Awaitable[Response]]:
    async def health(_request: Request) -> Response:
        """Report to load balancers whether this process can reach its database."""
        try:
            await run_in_threadpool(services.store.database.ping)
        except Failure as error:
            log_failure("database unavailable", error)
            return JSONResponse({"status": "database unavailable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    return health
