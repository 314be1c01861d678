"""Sign a student in and out: with the university's sign-in service, or locally in the sandbox."""

from __future__ import annotations

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.student.form import Unreadable
from bot.student.page_parts import TEMPLATES, in_language, language_of_browser
from bot.student.session_cookie import session_cookie, sign_in_cookie
from bot.student.sign_in_texts import REFUSED
from bot.student.welsh import said_in
from integrations.bootstrap import Services
from integrations.sign_in import SignIn
from store.actions.students.sign_in import (
    StudentSession,
    begin_sign_in,
    refuse_sign_in,
    session_of,
    sign_in,
    sign_in_locally,
    take_sign_in,
)
from store.queries.students.urgent_help import urgent_help
from store.rules.model import Platform
from store.rules.students.sign_in import PATH, SignInRefusal, SignInRefused, holder_in

log = structlog.get_logger(__name__)

_AT_FAULT = {SignInRefusal.AWAY: 503}
"""Refusals with another status than 403."""


class SignInPages:
    """Begins and ends sign-ins, and says who is signed in."""

    def __init__(self, services: Services) -> None:
        self._services, self._store = services, services.store
        is_secure = services.sign_in is not None and services.sign_in.account.is_secure
        self.session = session_cookie(is_secure=is_secure)
        self._under_way = sign_in_cookie(is_secure=is_secure)

    @property
    def _is_local(self) -> bool:
        """Return whether a number is enough to sign in: in the sandbox, unless real students sign
        in there.
        """
        return self._services.sign_in is None and Platform.SANDBOX in self._services.workspaces

    async def who(self, request: Request) -> StudentSession | None:
        """Return the session of the student who is signed in; None where no one is."""
        return await run_in_threadpool(session_of, self._store, self.session.read(request))

    async def begin(self, request: Request) -> Response:
        """Send the browser to the sign-in service."""
        service = self._services.sign_in
        if service is None:
            return await self.door(request)
        try:
            token, address = await run_in_threadpool(self._begin, service)
        except SignInRefused as refused:
            return await self._refused(request, refused)
        response = RedirectResponse(address, status_code=303)
        self._under_way.put(response, token)
        return response

    def _begin(self, service: SignIn) -> tuple[str, str]:
        flow = service.begin()
        return begin_sign_in(self._store, flow), str(flow["auth_uri"])

    async def finish(self, request: Request) -> Response:
        """Sign in the student, back from the sign-in service."""
        service = self._services.sign_in
        if service is None:
            return await self.door(request)
        try:
            token = await run_in_threadpool(self._finish, service, request)
        except SignInRefused as refused:
            response = await self._refused(request, refused)
        else:
            response = self._let_in(token)
        self._under_way.clear(response)
        return response

    def _finish(self, service: SignIn, request: Request) -> str:
        try:
            flow = take_sign_in(self._store, self._under_way.read(request))
            claims = service.finish(flow, dict(request.query_params))
            holder = holder_in(claims, service.account.expected, self._store.now())
        except SignInRefused as refused:
            refuse_sign_in(self._store, refused.reason)
            raise
        return sign_in(self._store, holder, self.session.read(request))

    async def locally(self, request: Request) -> Response:
        """Sign in the student whose number was typed, in the sandbox.

        Raises ``Unreadable`` everywhere else.
        """
        if not self._is_local:
            raise Unreadable
        form = await request.form(max_files=0, max_fields=5)
        number = str(form.get("number", ""))[:100]
        before = self.session.read(request)
        try:
            token = await run_in_threadpool(sign_in_locally, self._store, number, before)
        except SignInRefused as refused:
            return await self._refused(request, refused)
        return self._let_in(token)

    def _let_in(self, token: str) -> Response:
        response = RedirectResponse(PATH, status_code=303)
        self.session.put(response, token)
        return response

    async def door(
        self, request: Request, notice: str = "", status: int = 200, *, typed: str = ""
    ) -> Response:
        """Show the sign-in page. ``typed`` is what an unsent form held, so that it is not lost."""
        language = language_of_browser(request)
        context = {
            **in_language(language),
            "title": said_in(language, "Your page"),
            "notice": notice,
            "typed": typed,
            "is_set_up": self._services.sign_in is not None,
            "is_local": self._is_local,
            "urgent": await run_in_threadpool(urgent_help, self._store, language=language),
        }
        response = TEMPLATES.TemplateResponse(request, "sign_in.html", context, status)
        if self.session.read(request):
            self.session.clear(response)
        return response

    async def _refused(self, request: Request, refused: SignInRefused) -> Response:
        log.warning("sign-in refused", reason=refused.reason.value, said=str(refused))
        sentence = REFUSED[refused.reason]
        language = language_of_browser(request)
        context = {
            **in_language(language),
            "title": said_in(language, "You are not signed in"),
            "sentence": said_in(language, sentence),
            "again": True,
            "urgent": await run_in_threadpool(urgent_help, self._store, language=language),
        }
        status = _AT_FAULT.get(refused.reason, 403)
        return TEMPLATES.TemplateResponse(request, "sorry.html", context, status)
