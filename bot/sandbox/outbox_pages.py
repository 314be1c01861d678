"""The pages beside the channels: switch person, the outbox, and the student's emails."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import SorryError
from bot.sandbox.forms import CHANNEL, MAX_BODY, read_form, read_key, required_field
from bot.sandbox.page_frame import COOKIE, Pages

NO_SUCH_PERSON = "There is no such person in this sandbox."
NO_SUCH_STUDENT = "This student has no emails in the sandbox."
NO_SUCH_MAIL = "The email that you answer no longer exists."
LAST_PAGE = 100_000
"""The highest page number that is read: more pages than there are emails."""
NOTHING_WRITTEN = "The answer is empty. Go back and write something."


class OtherPages:
    """The pages to switch person, read the outbox and act as a student."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._backend = pages.backend

    def routes(self) -> list[Route]:
        """Return the routes of the outbox, the inbox and their forms."""
        return [
            Route("/sandbox/person", self.switch, methods=["POST"], max_body_size=MAX_BODY),
            Route("/sandbox/outbox", self.outbox),
            Route("/sandbox/student", self.student),
            Route("/sandbox/student/answer", self.answer, methods=["POST"], max_body_size=MAX_BODY),
        ]

    async def switch(self, request: Request) -> Response:
        """Act as another person, in the same channel if that person is in it too.

        Any tab may send this form, whichever person it shows: it names who acts from now on.

        Raises ``SorryError`` (404) where there is no such person.
        """
        form = await read_form(request)
        people = {person.user: person for person in await self._pages.people(request)}
        person = people.get(required_field(form, "user"))
        if person is None:
            raise SorryError(404, NO_SUCH_PERSON)
        where = form.get(CHANNEL)
        is_shared = any(channel.channel == where for channel in person.channels)
        response = RedirectResponse(
            f"/sandbox/c/{where}" if is_shared else "/sandbox", status_code=303
        )
        response.set_cookie(COOKIE, person.user, httponly=True, samesite="strict")
        return response

    async def outbox(self, request: Request) -> Response:
        """Show what was sent and what waits to be sent, the emails page by page."""
        asked = request.query_params.get("page", "1")
        page = min(int(asked), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1
        with self._backend.looks():
            person = await self._pages.person(request)
            found = await run_in_threadpool(self._backend.outbox, person.user, max(page, 1))
        return await self._pages.show(
            request, "outbox.html", person, here="outbox", entries=found.entries, paging=found
        )

    async def student(self, request: Request) -> Response:
        """Show a student's inbox, with a form under each email.

        Raises ``SorryError`` (404) where there is no such student.
        """
        with self._backend.looks():
            person = await self._pages.person(request)
            # Before the look is recorded, which ends what is read together.
            await self._pages.unread_of(request, person)
            mailboxes = await run_in_threadpool(self._backend.student_mail, person.user)
        wanted = request.query_params.get("student")
        chosen = next((box for box in mailboxes if box.student == wanted), None)
        if wanted is None and mailboxes:
            chosen = mailboxes[0]
        elif wanted is not None and chosen is None:
            raise SorryError(404, NO_SUCH_STUDENT)
        return await self._pages.show(
            request, "student.html", person, here="student", mailboxes=mailboxes, chosen=chosen
        )

    async def answer(self, request: Request) -> Response:
        """Send the student's answer to the school's mailbox.

        Raises ``SorryError``: 422 where the answer is empty, 404 where there is no such
        email.
        """
        person, form = await self._pages.turn(request)
        message, text = required_field(form, "message"), required_field(form, "text").strip()
        if not text:
            raise SorryError(422, NOTHING_WRITTEN)
        try:
            await run_in_threadpool(self._backend.answer, message, text, read_key(form))
        except LookupError as error:
            raise SorryError(404, NO_SUCH_MAIL) from error
        return await self._back_to(person.user, message)

    async def _back_to(self, user: str, message: str) -> Response:
        for box in await run_in_threadpool(self._backend.student_mail, user):
            if any(mail.message == message for mail in box.mails):
                query = urlencode({"student": box.student})
                return RedirectResponse(f"/sandbox/student?{query}", status_code=303)
        return RedirectResponse("/sandbox/student", status_code=303)
