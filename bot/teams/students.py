"""Students in a chat of their own: their data, a correction, how to be reached, and a person.

A student is known by the sign-in name that the directory gives Teams, and by nothing they type.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.cards.model import Card, CardBlock, Facts, Text, TextStyle
from bot.teams.arrival import Arrival
from bot.teams.doorman import Doorman
from store.own_data import OwnData, own_data
from store.rules.calendar import institution_day
from store.rules.words import counted, on_day
from store.teams import Student, student_behind
from store.unit_of_work import Store

LONGEST = 2000
_SHOWN = 10


class Wish(StrEnum):
    """All that a student can ask for here."""

    MY_DATA = "my data"
    WRONG = "this is wrong"
    CONTACT = "contact me by"
    PERSON = "a person"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class StudentAsk:
    """What a student wants; ``words`` are what they typed behind it. ``key`` names the message."""

    student: Student
    wish: Wish
    words: str
    key: str


Heard = Callable[[StudentAsk], str | None]
"""The seam: has what a student said (WRONG, CONTACT, PERSON) taken up by the school. The sentence
says what follows; None: nobody takes it up here, and the student is told how to reach a person."""


def nobody_listens(_ask: StudentAsk) -> str | None:
    """The default: nothing is promised that nobody keeps."""
    return None


_WISHES = (
    (Wish.MY_DATA, re.compile(r"(?:show )?my data\b[.?!]*")),
    (Wish.WRONG, re.compile(r"(?:this|that|it) ?(?:is|'s|’s) wrong\b[:,.!]*")),
    (Wish.CONTACT, re.compile(r"(?:please )?contact me (?:by|via|on|through)\b:?")),
    (
        Wish.PERSON,
        re.compile(r".*\b(?:person|human|adviser|advisor|somebody|someone|talk|speak)\b.*"),
    ),
)


def wish_of(line: str) -> tuple[Wish, str]:
    """What a typed line asks for, and the words behind it; help where it is none of these."""
    said = " ".join(line.split())
    for wish, pattern in _WISHES:
        if found := pattern.match(said.casefold()):
            return wish, said[found.end() :].strip()[:LONGEST]
    return Wish.HELP, ""


class StudentDesk:
    """Answers students; ``heard`` is what takes up their words."""

    def __init__(self, store: Store, doorman: Doorman, heard: Heard = nobody_listens) -> None:
        self._store = store
        self._doorman = doorman
        self._heard = heard

    def student(self, arrived: Arrival) -> Student | None:
        """The student who wrote this, or None. Raises as ``Doorman.member`` does."""
        if not arrived.is_personal or self._doorman.believes_anybody:
            return None
        member = self._doorman.member(arrived)
        return student_behind(self._store, arrived.tenant, arrived.user, member.address)

    def answer(self, student: Student, line: str, key: str) -> Card:
        """What a student gets to see."""
        wish, words = wish_of(line)
        with self._store.database.read() as connection:
            data = own_data(connection, student.id, institution_day(self._store.now()))
        if wish is Wish.HELP:
            return _help(student)
        with self._store.unit_of_work() as work:
            who = f"student:{student.id}"
            work.record(who, wish.value.replace(" ", "-"), who)
        if wish is Wish.MY_DATA:
            return _data_card(data)
        if wish is not Wish.PERSON and not words:
            return _say(f"Please say it in one line, for example: {_EXAMPLES[wish]}")
        said = self._heard(StudentAsk(student, wish, words, key))
        return _say(said or "I cannot pass this on from here.", _reach(data))


_EXAMPLES = {
    Wish.WRONG: "this is wrong: I was in hospital that week",
    Wish.CONTACT: "contact me by phone in the afternoon",
}


def _help(student: Student) -> Card:
    return Card(
        "student-help",
        "What you can ask Lantern",
        (
            Text(f"Hello {student.given_name}, you can write:"),
            Facts(
                (
                    ("my data", "What your school sees here about your engagement."),
                    ("this is wrong …", "Say what is not right about it."),
                    ("contact me by …", "Say how your school reaches you best."),
                    ("a person", "Whom you can talk to."),
                )
            ),
            Text("Nobody reads along here. In an emergency, call 999.", TextStyle.SUBTLE),
        ),
    )


def _data_card(data: OwnData) -> Card:
    since = on_day(data.case_since) if data.case_since else ""
    facts = [
        ("School", data.school),
        ("Programme", data.programme),
        ("Modules", ", ".join(data.modules) or "none"),
        ("Your school looks into it", f"since {since}" if since else "no"),
        ("Your answers", counted(data.answers, "answer")),
    ]
    blocks: list[CardBlock] = [Text("What Lantern holds of you", TextStyle.HEADING)]
    blocks.append(Facts(tuple(facts)))
    blocks += [Text(reason) for reason in data.reasons[:_SHOWN]]
    blocks += [Text(f"Mail, {on_day(day)}: {what}") for day, what in data.mails[-_SHOWN:]]
    blocks.append(Text(f"Is it wrong? Write “this is wrong” and why. {_reach(data)}".strip()))
    return Card("student-data", "What Lantern holds of you", tuple(blocks))


def _reach(data: OwnData) -> str:
    adviser = f"Your adviser is {data.adviser}." if data.adviser else ""
    mailbox = f"Your school reads {data.mailbox}." if data.mailbox else ""
    return f"{adviser} {mailbox}".strip() or f"Please ask at the office of {data.school}."


def _say(sentence: str, hint: str = "") -> Card:
    hints = (Text(hint),) if hint else ()
    return Card("notice", sentence, (Text(sentence), *hints))
