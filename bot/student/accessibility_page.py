"""The accessibility statement, in the form of the regulations of 2018, in English and in Welsh."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.student.page_parts import TEMPLATES, in_language, language_of_browser
from bot.student.welsh import said_in
from store.db.unit_of_work import Store
from store.queries.students.urgent_help import urgent_help
from store.rules.letters.letter import Language, language_of


class AccessibilityPage:
    """Shows the statement to anyone; every page links to it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, request: Request) -> Response:
        """Show the statement in the language that was asked for, else in the browser's."""
        asked = request.query_params.get("lang", "")
        language = language_of(asked) if asked else language_of_browser(request)
        context = {
            **in_language(language),
            "title": said_in(language, "Accessibility statement"),
            "other_language": "English" if language is Language.WELSH else "Cymraeg",
            "urgent": await run_in_threadpool(urgent_help, self._store, language=language),
        }
        return TEMPLATES.TemplateResponse(request, "accessibility.html", context)
