"""The parts of every page for a student: templates, the language, the answer to a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from starlette.requests import Request
from starlette.templating import Jinja2Templates

from bot.page_templates import templates_in
from bot.student.form import SubmittedForm
from bot.student.welsh import colleague_in, day_in, said_in, short_day_in
from store.db.unit_of_work import Store
from store.letters.welsh_expectations import in_welsh
from store.queries.students.own_page import OwnPage
from store.rules.calendar import INSTITUTION
from store.rules.letters.letter import Language, language_of

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PageNotice:
    """What a page says in answer to a form. ``trouble`` is the error; it appears at that form, and
    at its ``field`` if it is about one."""

    trouble: str = ""
    field: str = ""
    thanks: str = ""
    form: SubmittedForm | None = None
    proof: str = ""
    own: OwnPage | None = None


def headed(store: Store, school: str) -> str:
    """Return the head of a student's page: its university, where known, and the school's."""
    return " · ".join(filter(None, (store.university, school)))


def in_language(language: Language) -> dict[str, object]:
    """Return the functions with which a template writes its texts and days in this language."""
    lang = "cy" if language is Language.WELSH else "en-GB"
    return {
        "lang": lang,
        "say": partial(said_in, language),
        "day": partial(day_in, language),
        "short_day": partial(short_day_in, language),
        "colleague": partial(_colleague, language),
        "hoped": partial(_hoped, language),
        "noticed": partial(_noticed, language),
    }


class Said(NamedTuple):
    """A text with the ``lang`` of its element."""

    text: str
    lang: str


def _hoped(language: Language, expectations: Iterable[str]) -> list[Said]:
    """Return the rules' expectations; in English where the Welsh of one is not known."""
    welsh = in_welsh if language is Language.WELSH else lambda _: None
    return [
        Said(known, "cy") if (known := welsh(each)) else Said(each, "en-GB")
        for each in expectations
    ]


def _colleague(language: Language, who: str) -> Said:
    """Return how a colleague is named; in English where their role is not known in Welsh."""
    named = colleague_in(language, who)
    return Said(named, "cy" if named != who else "en-GB")


def _noticed(language: Language, english: str, welsh: str) -> Said:
    """Return what was noticed; in English where its Welsh is not known ('')."""
    is_welsh = language is Language.WELSH and welsh
    return Said(welsh, "cy") if is_welsh else Said(english, "en-GB")


def language_of_browser(request: Request) -> Language:
    """Return the browser's preferred language, for visitors whose language is not known."""
    return language_of(request.headers.get("accept-language", "").partition(",")[0])


def _templates() -> Jinja2Templates:
    environment = templates_in(HERE / "templates")
    environment.globals["new_key"] = lambda: uuid4().hex
    environment.filters["local"] = lambda moment: moment.astimezone(INSTITUTION).date()
    return Jinja2Templates(env=environment)


# One for all applications of a process, so that each page is compiled once.
TEMPLATES = _templates()
