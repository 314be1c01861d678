"""Hand out the document that came with a request to be absent, to the colleague who decides.

Opening the link only asks, since programs that preview links open them too. The button hands the
document out as a file, once: no browser shows it as a page of ours.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.student.page_parts import TEMPLATES, in_language
from store.actions.students.decide_absence import document_links, read_document
from store.db.unit_of_work import Store
from store.queries.students.urgent_help import urgent_help
from store.rules.errors import CaseworkError, InvalidInput
from store.rules.letters.letter import Language
from store.signed_links import LinkBroken


class DocumentPages:
    """The page behind a link to a document, for colleagues, in English."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ask(self, request: Request) -> Response:
        """Show the button; nothing is recorded yet."""
        try:
            document_links(self._store).read(request.path_params["token"], self._store.now())
        except LinkBroken:
            return await self._say(request, 404, _BROKEN)
        return await self._say(request, 200, _ASK, button="Download the document")

    async def hand_out(self, request: Request) -> Response:
        """Send the document as a file."""
        try:
            token = request.path_params["token"]
            document = await run_in_threadpool(read_document, self._store, token)
        except (LinkBroken, InvalidInput):
            return await self._say(request, 404, _BROKEN)
        except CaseworkError as refused:
            return await self._say(request, 403, refused.sentence)
        name = f"absence.{document.kind}"
        return Response(
            document.content,
            media_type=document.kind.media_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _say(
        self, request: Request, status: int, sentence: str, button: str = ""
    ) -> Response:
        context = {
            **in_language(Language.ENGLISH),
            "title": "A document from a student",
            "sentence": sentence,
            "button": button,
            "urgent": await run_in_threadpool(urgent_help, self._store),
        }
        return TEMPLATES.TemplateResponse(request, "document.html", context, status)


_ASK = (
    "The student sent it with a request to be absent. If you open it, you decide on the request. "
    "The access log records that you opened it. Delete your copy once you have decided."
)
_BROKEN = (
    "This link was used or has expired, or the document was deleted with the decision. For a new "
    "link, open the request again in your chat."
)
