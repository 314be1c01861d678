"""The students' pages as ASGI applications, with their security middleware."""

from __future__ import annotations

import time
from secrets import token_hex

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.student.absence_form import MAX_BODY as WITH_DOCUMENT
from bot.student.accessibility_page import AccessibilityPage
from bot.student.document_pages import DocumentPages
from bot.student.form import MAX_BODY
from bot.student.page_parts import HERE
from bot.student.pages import StudentPages
from bot.student.request_security import Sealed
from bot.student.signed_in_pages import SignedInPages
from integrations.bootstrap import Services
from integrations.trail import TRAIL
from store.db.unit_of_work import Store
from store.rules.students.links import PATH
from store.rules.students.sign_in import CALLBACK
from store.rules.students.sign_in import PATH as OWN


def student_mount(store: Store) -> Mount:
    """Mount all of the students' pages under ``/student``, alongside the staff's platforms."""
    # Around the whole application, so that error pages are protected too.
    return Mount(PATH, Sealed(Followed(_pages(store))))


def _pages(store: Store) -> Starlette:
    pages, documents = StudentPages(store), DocumentPages(store)
    return Starlette(
        routes=[
            Route("/document/{token}", documents.ask),
            Route(
                "/document/{token}", documents.hand_out, methods=["POST"], max_body_size=MAX_BODY
            ),
            Route("/accessibility", AccessibilityPage(store).read),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/{token}", pages.read),
            Route("/{token}", pages.act, methods=["POST"], max_body_size=MAX_BODY),
        ],
        exception_handlers=pages.handlers,
    )


def own_page_routes(services: Services) -> list[Route]:
    """Return the routes of the page that students sign in to, at ``/me``."""
    pages = SignedInPages(services)
    doors = pages.doors
    inside = Starlette(
        routes=[
            Route(OWN, pages.read),
            Route(OWN, pages.act, methods=["POST"], max_body_size=MAX_BODY),
            Route(f"{OWN}/absence", pages.go_to_page),
            Route(f"{OWN}/absence", pages.ask, methods=["POST"], max_body_size=WITH_DOCUMENT),
            Route(f"{OWN}/sign-in", doors.begin),
            Route(CALLBACK, doors.finish),
            Route(f"{OWN}/local", doors.locally, methods=["POST"], max_body_size=MAX_BODY),
        ],
        exception_handlers=pages.handlers,
    )
    sealed = Sealed(Followed(inside))
    # Not a mount: that would send /me on to /me/.
    return [Route(OWN, sealed), Route(f"{OWN}/{{rest:path}}", sealed)]


class Followed:
    """Gives each request an id in logs and traces, as a click in a channel has.

    The address is not logged, since it holds the student's secret.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and log the status of the answer and its seconds."""

        async def send_and_log(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = round(time.monotonic() - began, 3)
                TRAIL.said("answered", outcome=message["status"], seconds=seconds)
            await send(message)

        if scope["type"] != "http" or "/static/" in scope["path"]:
            await self.app(scope, receive, send)
            return
        began = time.monotonic()
        command = "send student page" if scope["method"] == "POST" else "read student page"
        with TRAIL.of_click(token_hex(), command):
            await self.app(scope, receive, send_and_log)
