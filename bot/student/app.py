"""The students' pages as ASGI applications, with their security middleware."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.student.absence_form import MAX_BODY as WITH_DOCUMENT
from bot.student.accessibility_page import AccessibilityPage
from bot.student.document_pages import DocumentPages
from bot.student.form import MAX_BODY
from bot.student.page_parts import HERE
from bot.student.pages import StudentPages
from bot.student.request_security import Sealed
from bot.student.signed_in_pages import SignedInPages
from integrations.bootstrap import Services
from store.db.unit_of_work import Store
from store.rules.students.links import PATH
from store.rules.students.sign_in import CALLBACK
from store.rules.students.sign_in import PATH as OWN


def student_mount(store: Store) -> Mount:
    """Mount all of the students' pages under ``/student``, alongside the staff's platforms."""
    # Around the whole application, so that error pages are protected too.
    return Mount(PATH, Sealed(_pages(store)))


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
    inside = Sealed(
        Starlette(
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
    )
    # Not a mount: that would send /me on to /me/.
    return [Route(OWN, inside), Route(f"{OWN}/{{rest:path}}", inside)]
