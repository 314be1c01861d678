"""The student's page: reading it changes nothing, and its buttons submit forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.student.form import CONFIRM, SHOW, SubmittedForm, Unreadable, read_student_form
from bot.student.form_texts import (
    OPT_IN,
    OPT_OUT,
    STOP_AT_A_DOOR,
    THANKS,
    THANKS_AT_A_DOOR,
    answers_for,
)
from bot.student.page_parts import TEMPLATES, PageNotice, headed, in_language, language_of_browser
from bot.student.welsh import said_in
from integrations.fault_log import log_failure, new_reference
from store.actions.students.use_link import (
    Visit,
    confirm_link,
    own_page,
    say_by_link,
    visit_link,
)
from store.db.unit_of_work import Store
from store.queries.students.messages import Preference, preference_of
from store.queries.students.own_page import home_school_name, ways_offered
from store.queries.students.urgent_help import urgent_help
from store.rules.errors import CaseworkError, InvalidInput
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import LONGEST, ContactWay, Said, Saying
from store.signed_links import LinkBroken


class StudentPages:
    """Shows the page that belongs to a link, and handles its forms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, request: Request) -> Response:
        """Show the page of a link, to anyone who has it and however often."""
        coming = await run_in_threadpool(visit_link, self._store, request.path_params["token"])
        return await self._show(request, coming, PageNotice())

    async def act(self, request: Request) -> Response:
        """Handle a button, then show the updated page."""
        form, token = await read_student_form(request), request.path_params["token"]
        try:
            coming = await run_in_threadpool(visit_link, self._store, token, form.proof)
        except LinkBroken:
            # A good link with an old proof: the number is asked for again.
            coming = await run_in_threadpool(visit_link, self._store, token)
            return await self._show(request, coming, PageNotice(_AGAIN, form=form), 422)
        try:
            return await self._done(request, coming, form)
        except InvalidInput as error:
            told = PageNotice(error.sentence, error.field or "", form=form, proof=form.proof)
            return await self._show(request, coming, told, 422)
        except CaseworkError as error:
            told = PageNotice(error.sentence, form=form, proof=form.proof)
            return await self._show(request, coming, told, 429)

    async def _done(self, request: Request, coming: Visit, form: SubmittedForm) -> Response:
        if form.do not in (CONFIRM, SHOW):
            if form.kind not in coming.purpose.may_say:
                raise LinkBroken
        elif not coming.purpose.is_whole and coming.purpose is not LinkPurpose.PROOF:
            raise LinkBroken
        proof, coming = await self._proved(coming, form)
        if form.do == CONFIRM:
            return await self._show(request, coming, PageNotice(proof=proof))
        if form.do == SHOW:
            own = await run_in_threadpool(own_page, self._store, coming)
            return await self._show(request, coming, PageNotice(proof=proof, own=own))
        said = Said(coming.student, form.kind, form.words, form.way, coming.mail)
        await run_in_threadpool(say_by_link, self._store, coming, said, form.key)
        thanks = THANKS_AT_A_DOOR if coming.purpose is LinkPurpose.DOOR else THANKS[form.kind]
        return await self._show(request, coming, PageNotice(thanks=thanks, proof=proof))

    async def _proved(self, coming: Visit, form: SubmittedForm) -> tuple[str, Visit]:
        """Return (proof, visit with it) of a person who knows the student's number: a link may have
        come into other hands. Stopping emails needs no proof."""
        if form.proof or form.do == Saying.OPT_OUT:
            return form.proof, coming
        proof = await run_in_threadpool(confirm_link, self._store, coming, form.number)
        inside = LinkPurpose.PROOF if coming.purpose.is_whole else coming.purpose
        return proof, replace(coming, purpose=inside)

    async def _show(
        self, request: Request, coming: Visit, told: PageNotice, status: int = 200
    ) -> Response:
        is_whole = coming.purpose in (LinkPurpose.PAGE, LinkPurpose.PROOF)
        answers = answers_for(coming.purpose)
        preference = await run_in_threadpool(self._preference, coming) if is_whole else Preference()
        mail = OPT_IN if preference.has_opted_out else OPT_OUT
        context = {
            "told": told,
            "csrf": "",
            **in_language(coming.language),
            "title": said_in(coming.language, _title(coming.purpose)),
            "is_whole": is_whole,
            "signs_in": self._store.students_sign_in,
            "is_door": coming.purpose is LinkPurpose.DOOR,
            "answers": answers,
            "mail": mail,
            "stop": STOP_AT_A_DOOR,
            "has_place": {each.kind for each in (*answers, mail)},
            "ways": await run_in_threadpool(self._ways, coming.student),
            "longest": LONGEST,
            "urgent": await run_in_threadpool(
                urgent_help, self._store, coming.student, coming.language
            ),
            "school": await run_in_threadpool(self._school, coming),
        }
        return TEMPLATES.TemplateResponse(request, "page.html", context, status)

    def _ways(self, student: int) -> list[ContactWay]:
        with self._store.database.read() as connection:
            return ways_offered(connection, student)

    def _school(self, coming: Visit) -> str:
        """Return the school's name; '' where others may read the mailbox too."""
        if coming.purpose is LinkPurpose.DOOR:
            return ""
        with self._store.database.read() as connection:
            return headed(self._store, home_school_name(connection, coming.student))

    def _preference(self, coming: Visit) -> Preference:
        with self._store.database.read() as connection:
            return preference_of(connection, coming.student)

    async def broken(self, request: Request, _error: Exception) -> Response:
        """Show the same page for every problem with a link, so that it reveals nothing."""
        return self._say(request, 404, "This link does not work", _NO_LINK)

    async def sorry(self, request: Request, error: Exception) -> Response:
        """Show why a form is too long or cannot be read."""
        if isinstance(error, HTTPException) and error.status_code == 413:
            return self._say(request, 413, "That is too long", _TOO_LONG)
        if isinstance(error, HTTPException) and error.status_code in (404, 405):
            return self._say(request, error.status_code, "This link does not work", _NO_LINK)
        return self._say(request, 400, "That did not work", _UNREADABLE)

    async def refused(self, request: Request, error: Exception) -> Response:
        """Show the sentence of an action that is not possible now."""
        return self._say(request, 409, "That did not work", str(error))

    async def failed(self, request: Request, error: Exception) -> Response:
        """Say that it was our fault. The log has a reference and the place: no link, and not the
        error's own text, which may quote what the student wrote."""
        reference = new_reference()
        if log_failure("student page failed", error, reference=reference):
            return self._say(request, 503, "This page is unavailable", _OUT_OF_ORDER)
        return self._say(request, 500, "Something went wrong here", _OUR_FAULT, reference)

    def _say(
        self, request: Request, status: int, title: str, sentence: str, reference: str = ""
    ) -> Response:
        language = language_of_browser(request)
        told = said_in(language, sentence)
        if reference:
            told = f"{told} {said_in(language, _REFERENCE, reference=reference)}"
        context = {
            **in_language(language),
            "title": said_in(language, title),
            "sentence": told,
            "again": self._store.students_sign_in,
            "urgent": urgent_help(self._store, language=language),
        }
        return TEMPLATES.TemplateResponse(request, "sorry.html", context, status)

    @property
    def handlers(self) -> dict[Any, Any]:
        """Map each type of error to the page that reports it."""
        return {
            LinkBroken: self.broken,
            Unreadable: self.sorry,
            HTTPException: self.sorry,
            CaseworkError: self.refused,
            Exception: self.failed,
        }


def _title(purpose: LinkPurpose) -> str:
    if purpose is LinkPurpose.DOOR:
        return "Please confirm that it is you"
    answers = answers_for(purpose)
    return answers[0].heading if len(answers) == 1 else "Your page"


_AGAIN = "The form has timed out and nothing was saved. Enter your student number again."
_NO_LINK = (
    "Links in our emails work for one month. Check that you copied the whole link. You can also "
    "reply to the email, or ask your school office."
)
_TOO_LONG = f"Go back and keep it below {LONGEST} characters, or reply to the email."
_UNREADABLE = "Open the link in the email again and retry, or reply to the email."
_OUT_OF_ORDER = (
    "This was our fault and nothing was saved. Try again in a few minutes, or reply to the email."
)
_REFERENCE = "If you contact us, give us this reference: {reference}."
_OUR_FAULT = "This was our fault and nothing was saved. Try again, or reply to the email."
