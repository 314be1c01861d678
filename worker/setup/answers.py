"""What ``lantern init`` asks about schools, and how each answer is checked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from store.policies.new_document import TO_FILL_IN
from store.rules.model import MarkerFamily, Platform
from store.rules.policies.publication import Route, route_meant
from store.rules.text.email_addresses import is_mail_address, is_no_reply_address

Check = Callable[[str], str | None]
"""What is wrong with an answer, as a sentence; None where nothing is."""

NO_SOURCE = "Name at least one source of activity."
SAME_CODE = "Another school has this code. Each school has its own."
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``key`` is the answer's name in an answers file. Without ``needed``, the answer
    may be empty."""

    key: str
    text: str
    check: Check = lambda _: None
    needed: bool = True
    secret: bool = False

    def problem(self, answer: str) -> str | None:
        """Return what is wrong with an answer; None where nothing is."""
        if not answer:
            return "An answer is needed here." if self.needed else None
        return self.check(answer)


@dataclass(frozen=True, slots=True)
class SchoolAnswers:
    """The answers about one school: code, name, lead, mailbox and sources."""

    code: str
    name: str
    lead_name: str
    lead_email: str
    approved_by: str
    effective: dt.date
    published: tuple[str, ...]
    mailbox: str
    sources: Mapping[MarkerFamily, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers: where cards go, settings by variable, and the schools."""

    place: Platform
    settings: Mapping[str, str] = field(default_factory=dict)
    schools: tuple[SchoolAnswers, ...] = ()


def _place(answer: str) -> str | None:
    places = [each.value for each in Platform]
    return None if answer in places else f"Choose one of {', '.join(places)}."


def _code(answer: str) -> str | None:
    fits = _CODE.fullmatch(answer)
    return None if fits else "Use up to 40 letters, figures, - and _, as in LANG."


def _address(answer: str) -> str | None:
    return None if is_mail_address(answer) else "Enter one plain email address."


def _mailbox(answer: str) -> str | None:
    if is_no_reply_address(answer):
        return "Enter a mailbox that people read, since students answer to it."
    return _address(answer)


def _day(answer: str) -> str | None:
    try:
        dt.date.fromisoformat(answer)
    except ValueError:
        return "Enter a date such as 2026-09-28."
    return None


def _routes(answer: str) -> str | None:
    found = {route_meant(each) for each in split(answer)} - {None}
    known = ", ".join(route.value for route in Route)
    return None if len(found) > 1 else f"Name two of {known}, with a comma between them."


def _filled(answer: str) -> str | None:
    return "Enter the real value." if answer.startswith(TO_FILL_IN) else None


PLACE = Question("place", "Where do cards go: sandbox, slack or teams?", _place)

ABOUT_SCHOOL: tuple[Question, ...] = (
    Question("code", "The school's code in the roster, such as LANG", _code),
    Question("name", "The school's name", _filled),
    Question("lead_name", "The engagement lead's name", _filled),
    Question("lead_email", "The engagement lead's email address", _address),
    Question("approved_by", "Who approves the school's policy", _filled),
    Question("effective", "The first day of the policy, such as 2026-09-28", _day),
    Question("published", "Two ways students are told, such as handbook, email", _routes),
    Question("mailbox", "The shared mailbox that students answer to", _mailbox),
)
SAMPLE_SOURCES = {
    MarkerFamily.ATTENDANCE: "registers",
    MarkerFamily.SUBMISSIONS: "hand-in",
    MarkerFamily.VLE: "moodle",
}
"""The names that the questions suggest, and that the lines of the README use."""

SOURCES = tuple(
    Question(
        family.value,
        f"The source of {family.label}, such as {name} (Enter: none)",
        _code,
        needed=False,
    )
    for family, name in SAMPLE_SOURCES.items()
)
SCHOOL = (*ABOUT_SCHOOL, *SOURCES)


def split(answer: str) -> tuple[str, ...]:
    """Split an answer at its commas, without blanks and empty parts."""
    return tuple(part.strip() for part in answer.split(",") if part.strip())


def school_of(given: Mapping[str, str]) -> SchoolAnswers:
    """Build a school from checked answers."""
    plain = {key: given[key] for key in ("code", "name", "lead_name", "lead_email")}
    return SchoolAnswers(
        **plain,
        approved_by=given["approved_by"],
        effective=dt.date.fromisoformat(given["effective"]),
        published=split(given["published"]),
        mailbox=given["mailbox"],
        sources={each: given[each.value] for each in SAMPLE_SOURCES if given.get(each.value)},
    )


def sources_problem(given: Mapping[str, str]) -> str | None:
    """Return what is wrong with the answers about sources together; None where nothing is."""
    return None if any(given.get(each.key) for each in SOURCES) else NO_SOURCE


def code_problem(code: str, others: Collection[str]) -> str | None:
    """Return what is wrong with a code beside those of other schools; None where nothing is."""
    # Rosters and the names of policy files take capitals for small letters.
    is_taken = code.casefold() in {each.casefold() for each in others}
    return SAME_CODE if is_taken else None
