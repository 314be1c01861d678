"""The parts that all pages of the sandbox share: the person, the frame, and the error pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from bot.page_templates import templates_in
from bot.sandbox.backend import Backend, SandboxPerson
from bot.sandbox.errors import SorryError, error_sentence
from bot.sandbox.forms import AS, OTHER_TAB, linked, new_key, read_form, required_field
from bot.sandbox.unread import SeenMessages
from integrations.fault_log import log_failure, new_reference
from store.rules.access.audit_words import detail, did
from store.rules.errors import CaseworkError

HERE = Path(__file__).parent
COOKIE = "lantern-sandbox-person"

NO_COLLEAGUES = (
    "No colleagues are enrolled in this sandbox yet. Load a roster whose staff.csv has a column "
    "sandbox_user (lantern ingest roster FOLDER), or look at the demo (lantern demo)."
)
UNKNOWN_PERSON = "This sandbox does not know who you are. Choose who you are from the list below."


class Pages:
    """Renders pages for the person in the cookie."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.unread = SeenMessages(backend.workspace)

    async def person(self, request: Request) -> SandboxPerson:
        """Read who acts from the cookie; the first person where there is no cookie.

        The cookie holds no secret: on this machine anyone may act as anyone. It may name a person
        of another sandbox, since a browser's cookies ignore the port.

        Raises ``SorryError``: 403 where the cookie names an unknown person, 404 where the sandbox
        has no people.
        """
        # Read before the page's data, so that a change in between reloads the page.
        request.state.revision = await run_in_threadpool(self.backend.workspace.revision)
        people = await self.people(request)
        if not people:
            raise SorryError(404, NO_COLLEAGUES)
        chosen = request.cookies.get(COOKIE, people[0].user)
        for person in people:
            if person.user == chosen:
                request.state.person = person
                return person
        raise SorryError(403, UNKNOWN_PERSON)

    async def people(self, request: Request) -> Sequence[SandboxPerson]:
        """List everyone who is enrolled, read once for each request."""
        if not hasattr(request.state, "people"):
            request.state.people = await run_in_threadpool(self.backend.people)
        people: Sequence[SandboxPerson] = request.state.people
        return people

    async def unread_of(self, request: Request, person: SandboxPerson | None) -> Mapping[str, int]:
        """Count the person's unread messages by channel, once for each request."""
        if not hasattr(request.state, "unread"):
            request.state.unread = await run_in_threadpool(self.unread.counts, person)
        unread: Mapping[str, int] = request.state.unread
        return unread

    async def turn(self, request: Request) -> tuple[SandboxPerson, dict[str, str]]:
        """Read who acts and their form, which must come from a page shown to that person.

        A tab keeps showing the person it was loaded for, while the cookie is the same in all tabs.
        Raises ``SorryError`` (409) where the form is from another person's page.
        """
        person = await self.person(request)
        form = await read_form(request)
        if (shown := required_field(form, AS)) != person.user:
            people = await self.people(request)
            name = next((each.name for each in people if each.user == shown), "another person")
            raise SorryError(409, OTHER_TAB.format(shown=name, now=person.name))
        return person, form

    async def show(
        self,
        request: Request,
        template: str,
        person: SandboxPerson | None,
        *,
        status: int = 200,
        **context: Any,
    ) -> Response:
        """Render a page within the sandbox's frame: the menu, the person and the lesson."""
        frame = {
            "people": await self.people(request),
            "person": person,
            "unread": await self.unread_of(request, person),
            "revision": getattr(request.state, "revision", 0),
            "zone": self.backend.zone,
            "today": await run_in_threadpool(self.backend.today),
            "can_forward": self.backend.can_forward,
            "lesson": await run_in_threadpool(self.backend.lesson),
            "channel": None,
            "here": "",
        }
        return _TEMPLATES.TemplateResponse(request, template, frame | context, status)

    async def sorry(self, request: Request, error: Exception) -> Response:
        """Show a plain page with the error's sentence."""
        if isinstance(error, CaseworkError):
            return await self._say(request, 409, error.sentence)
        if not isinstance(error, HTTPException):
            raise error  # registered for these two errors alone
        return await self._say(request, error.status_code, error_sentence(error))

    async def broken(self, request: Request, error: Exception) -> Response:
        """Say what is unavailable, or give a reference that finds the place in the log. The
        error's own text appears in neither, since it may quote what a person wrote.

        This page does not use the database, which may be what failed.
        """
        reference = new_reference()
        sentence = log_failure("sandbox page failed", error, reference=reference)
        said = sentence or f"Something went wrong. The log has the details under {reference}."
        status = 503 if sentence else 500
        return _TEMPLATES.TemplateResponse(request, "broken.html", {"said": said}, status)

    async def _known(self, request: Request) -> SandboxPerson | None:
        """Find the person in the cookie, so that an error page still shows who is acting."""
        people = await self.people(request)
        chosen = request.cookies.get(COOKIE)
        return next((each for each in people if each.user == chosen), None)

    async def _say(self, request: Request, status: int, sentence: str) -> Response:
        person = getattr(request.state, "person", None) or await self._known(request)
        return await self.show(request, "sorry.html", person, status=status, said=sentence)


def _templates() -> Jinja2Templates:
    environment = templates_in(HERE / "templates")
    environment.globals.update(new_key=new_key, detail=detail)
    environment.filters.update(linked=linked, did=did)
    return Jinja2Templates(env=environment)


# One for all applications of a process, so that each page is compiled once.
_TEMPLATES = _templates()
