"""The page of a student who has signed in, and its forms."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.student import record_texts
from bot.student.absence_form import read_absence_form
from bot.student.form import SubmittedForm, Unreadable, read_student_form
from bot.student.form_acts import FormAct, absence_act, form_act
from bot.student.form_texts import ANSWERS, COMMISSION, OPT_IN, OPT_OUT
from bot.student.looks import looks_told
from bot.student.page_parts import TEMPLATES, PageNotice, headed, in_language, language_of_browser
from bot.student.sign_in_pages import SignInPages
from bot.student.sign_in_texts import ENDED, LEFT, OTHER_SESSION
from bot.student.welsh import said_in
from integrations.activity.errors import LakeError
from integrations.activity.own_weeks import OwnActivity, OwnWeeks
from integrations.bootstrap import Services
from integrations.fault_log import log_failure, new_reference
from store.actions.students.see_own_page import see_own_page
from store.actions.students.sign_in import StudentSession, is_own_form, sign_out
from store.queries.privacy.own_record import OwnRecord
from store.queries.students.own_page import ways_offered
from store.queries.students.urgent_help import urgent_help
from store.rules.calendar import institution_day
from store.rules.errors import CaseworkError, InvalidInput
from store.rules.letters.letter import Language, language_of
from store.rules.students.data_requests import DataAsk
from store.rules.students.messages import LONGEST, ContactWay, Saying
from store.rules.students.own_weeks import Excuse, excused_between, teaching_weeks
from store.rules.students.sign_in import PATH as OWN

LEAVE = "sign-out"


class SignedInPages:
    """Shows a student all the data held about them, and handles what they send."""

    def __init__(self, services: Services) -> None:
        self._services, self._store = services, services.store
        self.doors = SignInPages(services)
        self._weeks = OwnWeeks(services.lake, services.records, services.now)

    async def read(self, request: Request) -> Response:
        """Show the page; the sign-in page where no one is signed in."""
        session = await self.doors.who(request)
        if session is None:
            return await self.doors.door(request)
        return await self._show(request, session, PageNotice())

    async def act(self, request: Request) -> Response:
        """Handle a button, then show the updated page."""
        session, form = await self.doors.who(request), await read_student_form(request)
        if session is None:
            return await self.doors.door(request, ENDED, 401, typed=form.words)
        if not is_own_form(session, form.csrf):
            return await self.say(request, 403, "That did not work", OTHER_SESSION)
        if form.do == LEAVE:
            await run_in_threadpool(sign_out, self._store, session)
            return await self.doors.door(request, LEFT)
        act = form_act(self._store, session.student, form)
        return await self._does(request, session, form, act)

    async def _does(
        self, request: Request, session: StudentSession, form: SubmittedForm, act: FormAct
    ) -> Response:
        """Do what a form asks for, and show the page with thanks, or with what is wrong."""
        try:
            await run_in_threadpool(act.run)
        except InvalidInput as error:
            told = PageNotice(error.sentence, error.field or "", form=form)
            return await self._show(request, session, told, 422)
        except CaseworkError as error:
            told = PageNotice(error.sentence, form=form)
            return await self._show(request, session, told, act.refused)
        return await self._show(request, session, PageNotice(thanks=act.thanks))

    async def ask(self, request: Request) -> Response:
        """Handle a request to be absent, with the document that may be in it.

        Raises ``Unreadable`` where our page cannot have sent it.
        """
        session = await self.doors.who(request)
        sent = await read_absence_form(request, keeps_document=session is not None)
        form = sent.form
        if session is None:
            typed = "\n".join(filter(None, (form.first, form.last, form.words)))
            return await self.doors.door(request, ENDED, 401, typed=typed)
        if form.do != Saying.ABSENCE:
            raise Unreadable
        if not is_own_form(session, form.csrf):
            return await self.say(request, 403, "That did not work", OTHER_SESSION)
        act = absence_act(self._store, session.student, sent)
        return await self._does(request, session, form, act)

    async def go_to_page(self, _request: Request) -> Response:
        """Lead a reload of the page that answers a form to the page itself."""
        return RedirectResponse(OWN, status_code=303)

    async def _show(
        self, request: Request, session: StudentSession, told: PageNotice, status: int = 200
    ) -> Response:
        language = _chosen(request, session)
        own, record = await run_in_threadpool(see_own_page, self._store, session.student, language)
        with_class = request.query_params.get("class") == "middle"
        activity = await run_in_threadpool(
            self._activity, session.student, record, with_class=with_class
        )
        mail = OPT_IN if own.preference.has_opted_out else OPT_OUT
        context = {
            **in_language(language),
            "title": said_in(language, "Your page"),
            "school": headed(self._store, own.data.school),
            "told": told,
            "own": own,
            "record": record,
            "looks": looks_told(record.looks, language),
            "activity": activity,
            "with_class": with_class,
            "families": record_texts.FAMILIES,
            "exempt": record_texts.EXEMPTIONS,
            "steps": record_texts.STEPS,
            "became": record_texts.became,
            "other_language": "English" if language is Language.WELSH else "Cymraeg",
            "csrf": session.csrf,
            "is_whole": True,
            "answers": ANSWERS,
            "mail": mail,
            "has_place": {
                *(Saying.ABSENCE, DataAsk.COMPLAINT),
                *(each.kind for each in (*ANSWERS, mail)),
                *(() if record.asks_for_copy else (DataAsk.COPY,)),
                *(f"reply-{each.id}" for each in record.open_questions),
            },
            "today": institution_day(self._store.now()),
            "commission": COMMISSION,
            "ways": await run_in_threadpool(self._ways, session.student),
            "longest": LONGEST,
            "urgent": await run_in_threadpool(urgent_help, self._store, session.student, language),
        }
        return TEMPLATES.TemplateResponse(request, "signed_in.html", context, status)

    def _ways(self, student: int) -> list[ContactWay]:
        with self._store.database.read() as connection:
            return ways_offered(connection, student)

    def _activity(self, student: int, record: OwnRecord, *, with_class: bool) -> OwnActivity | None:
        """Return the student's weeks; None where the lake cannot be read, since the rest can."""
        today = institution_day(self._store.now())
        weeks = teaching_weeks(record.calendar, today)
        try:
            return self._weeks.read(
                student,
                today,
                weeks,
                record.since,
                excused=[
                    *excused_between(record.not_expected),
                    *(
                        Excuse("", each.family, "", each.first, each.last)
                        for each in record.adjustments
                    ),
                ],
                with_class=with_class,
            )
        except LakeError as error:
            log_failure("student's weeks not read", error)
            return None

    async def say(self, request: Request, status: int, title: str, sentence: str) -> Response:
        """Show a page with one sentence."""
        language = language_of_browser(request)
        context = {
            **in_language(language),
            "title": said_in(language, title),
            "sentence": said_in(language, sentence),
            "again": True,
            "urgent": urgent_help(self._store, language=language),
        }
        return TEMPLATES.TemplateResponse(request, "sorry.html", context, status)

    async def _sorry(self, request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 413:
            return await self.say(request, 413, "That is too long", _TOO_LONG)
        if isinstance(error, HTTPException) and error.status_code in (404, 405):
            return await self.say(request, error.status_code, "There is no such page", _NO_PAGE)
        return await self.say(request, 400, "That did not work", _UNREADABLE)

    async def _failed(self, request: Request, error: Exception) -> Response:
        """Say that it was our fault; the log has the place and not the error's own text."""
        reference = new_reference()
        if log_failure("student's own page failed", error, reference=reference):
            return await self.say(request, 503, "This page is unavailable", _OUT_OF_ORDER)
        return await self.say(request, 500, "Something went wrong here", _OUR_FAULT)

    @property
    def handlers(self) -> dict[Any, Any]:
        """Map each type of error to the page that reports it."""
        return {Unreadable: self._sorry, HTTPException: self._sorry, Exception: self._failed}


def _chosen(request: Request, session: StudentSession) -> Language:
    """Return the language that the student chose on the page, else that of their record."""
    chosen = request.query_params.get("lang", "")
    return language_of(chosen) if chosen else session.language


_NO_PAGE = "Go back to your page."
_TOO_LONG = f"Go back and keep it below {LONGEST} characters."
_UNREADABLE = "Open your page again and retry."
_OUT_OF_ORDER = "This was our fault and nothing was saved. Try again in a few minutes."
_OUR_FAULT = "This was our fault and nothing was saved. Try again."
