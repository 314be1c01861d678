"""The student's page as an ASGI application, with its security middleware."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.student.form import MAX_BODY
from bot.student.pages import HERE, StudentPages
from bot.student.request_security import Sealed
from store.db.unit_of_work import Store
from store.rules.students.links import PATH


def student_mount(store: Store) -> Mount:
    """Mount everything under ``/student``, beside any platform of the staff."""
    # Around the whole, so that the page for an error of ours is protected too.
    return Mount(PATH, Sealed(_pages(store)))


def _pages(store: Store) -> Starlette:
    pages = StudentPages(store)
    return Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/{token}", pages.read),
            Route("/{token}", pages.act, methods=["POST"], max_body_size=MAX_BODY),
        ],
        exception_handlers=pages.handlers,
    )
