"""The training pages of the sandbox: read the audit, move the clock, and take the lesson."""

from __future__ import annotations

import csv
import io

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import SorryError
from bot.sandbox.forms import MAX_BODY
from bot.sandbox.page_frame import Pages
from store.rules.access.audit_words import detail, did
from store.rules.errors import CaseworkError
from store.rules.text.formatting import csv_safe

NO_CLOCK = "This sandbox keeps real time. The one that lantern sandbox opens has its own clock."

_LONGEST_SEARCH = 80


def _about(request: Request) -> str:
    """Return the case or colleague that the page is asked for; '' for everything."""
    return request.query_params.get("about", "")[:_LONGEST_SEARCH].strip()


class RoomPages:
    """The pages for the audit, the clock and the lesson."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._backend = pages.backend

    def routes(self) -> list[Route]:
        """Return the routes of the lesson and of the clock."""
        return [
            Route("/sandbox/audit", self.audit),
            Route("/sandbox/audit.csv", self.audit_export),
            *(
                Route(path, endpoint, methods=["POST"], max_body_size=MAX_BODY)
                for path, endpoint in (
                    ("/sandbox/clock", self.forward),
                    ("/sandbox/lesson/begin", self.begin),
                    ("/sandbox/lesson/finish", self.finish),
                )
            ),
        ]

    async def audit(self, request: Request) -> Response:
        """Show who did what, newest first, and whether the chain is intact."""
        person = await self._pages.person(request)
        given = request.query_params.get("before", "")
        before = int(given) if given.isdecimal() and len(given) < 18 else None
        about = _about(request)
        lines = await run_in_threadpool(self._backend.audit, before, about)
        trouble = await run_in_threadpool(self._backend.audit_trouble)
        return await self._pages.show(
            request,
            "audit.html",
            person,
            here="audit",
            lines=lines,
            about=about,
            trouble=trouble,
            is_past=before is not None,
        )

    async def audit_export(self, request: Request) -> Response:
        """Return the same rows as a file, in the words of the page, newest first."""
        await self._pages.person(request)
        written = await run_in_threadpool(self._written, _about(request))
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(written, media_type="text/csv; charset=utf-8", headers=headers)

    def _written(self, about: str) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("row", "when", "who", "what", "details"))
        before: int | None = None
        while lines := self._backend.audit(before, about):
            for line in lines:
                said = (detail(name, value) for name, value in line.details)
                at = line.at.astimezone(self._backend.zone).isoformat(timespec="seconds")
                what = f"{did(line.action)} {line.subject}"
                cells = (str(line.seq), at, line.actor, what, " · ".join(filter(None, said)))
                writer.writerow(map(csv_safe, cells))
            before = lines[-1].seq
        return out.getvalue()

    async def forward(self, request: Request) -> Response:
        """Move to the next school morning.

        Raises ``SorryError`` (409) where the clock cannot be moved.
        """
        await self._pages.turn(request)
        if not self._backend.can_forward:
            raise SorryError(409, NO_CLOCK)
        await run_in_threadpool(self._backend.forward)
        return RedirectResponse("/sandbox", status_code=303)

    async def begin(self, request: Request) -> Response:
        """Start the lesson for the current person."""
        person, _ = await self._pages.turn(request)
        await run_in_threadpool(self._backend.begin_lesson, person.user)
        return RedirectResponse("/sandbox", status_code=303)

    async def finish(self, request: Request) -> Response:
        """Record the training of a learner who has done every step.

        Raises ``SorryError`` (409) where a step of the lesson is left.
        """
        await self._pages.turn(request)
        try:
            await run_in_threadpool(self._backend.finish_lesson)
        except CaseworkError as error:
            raise SorryError(409, error.sentence) from error
        return RedirectResponse("/sandbox", status_code=303)
