"""The chat with a student: their data, a correction, how to contact them, and a person.

A student is identified by the sign-in name in Teams' directory, and by nothing that they type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from bot.cards.kit.model import Card, CardBlock, Facts, Text, TextStyle
from bot.teams.authentication import Authenticator
from bot.teams.inbound_request import InboundRequest
from store.actions.students.record_message import CLOSED, note_chat, record_message
from store.db.unit_of_work import Store
from store.platforms.teams import TeamsStudent, student_behind
from store.queries.deaths import has_died
from store.queries.students.messages import SayingWords, words_of
from store.queries.students.own_data import OwnData, own_data
from store.queries.students.urgent_help import urgent_help
from store.rules.calendar import institution_day
from store.rules.errors import NotPossibleNow
from store.rules.students.messages import Said, Saying, way_in
from store.rules.students.urgent_words import may_speak_of_danger
from store.rules.text.formatting import on_day

_SHOWN = 10


class Wish(StrEnum):
    """What a student can ask for here."""

    MY_DATA = "my data"
    WRONG = "this is wrong"
    CONTACT = "contact me by"
    PERSON = "a person"
    HELP = "help"


_WISHES = (
    (Wish.MY_DATA, re.compile(r"(?:show )?my data\b[.?!]*")),
    (Wish.WRONG, re.compile(r"(?:this|that|it) ?(?:is|'s|’s) wrong\b[:,.!]*")),
    (Wish.CONTACT, re.compile(r"(?:please )?contact me (?:by|via|on|through)\b:?")),
    (
        Wish.PERSON,
        re.compile(r"(?s)\A.*\b(?:person|human|adviser|advisor|somebody|someone|talk|speak)\b.*"),
    ),
)


def wish_of(line: str) -> tuple[Wish, str]:
    """Read what a typed line asks for, and the words after it; help where it is none of these.

    A student who asks for a person says why in the same line, so all of it is their message.
    """
    said = " ".join(line.split())
    for wish, pattern in _WISHES:
        if found := pattern.match(said.casefold()):
            return wish, said if wish is Wish.PERSON else said[found.end() :].strip()
    return Wish.HELP, ""


class StudentChat:
    """Answers students, and saves their messages for their school."""

    def __init__(self, store: Store, authenticator: Authenticator) -> None:
        self._store = store
        self._authenticator = authenticator

    def student(self, arrived: InboundRequest) -> TeamsStudent | None:
        """Find the student who wrote this, or None. Raises as ``Authenticator.member`` does."""
        if not arrived.is_personal or self._authenticator.believes_anybody:
            return None
        member = self._authenticator.member(arrived)
        return student_behind(self._store, arrived.tenant, arrived.user, *member.addresses)

    def answer(self, student: TeamsStudent, line: str, key: str) -> Card:
        """Build a student's answer. ``key`` names the message, which is saved once.

        Raises:
            InvalidInput: the message is too long; the sentence is for the student.
        """
        with self._store.database.read() as connection:
            if has_died(connection, student.id):
                return _say(CLOSED)
        wish, words = wish_of(line)
        if may_speak_of_danger(line):
            # It may look like a command, but a person has to read it.
            wish, words = Wish.PERSON, line.strip()
        note_chat(self._store, student.id)
        if wish is Wish.HELP:
            help_now = urgent_help(self._store, student.id)
            return _help(student, help_now, is_lost=line.casefold() not in _GREETINGS)
        if wish is Wish.MY_DATA:
            return self._my_data(student)
        if wish in _EXAMPLES and not words:
            return _say(f"Say it in one line, for example: {_EXAMPLES[wish]}")
        way = way_in(words) if wish is Wish.CONTACT else None
        with self._store.database.read() as connection:
            reach = _reach(own_data(connection, student.id, institution_day(self._store.now())))
        try:
            record_message(self._store, Said(student.id, _KINDS[wish], words, way), key)
        except NotPossibleNow as error:
            return _say(error.sentence, reach)
        help_now = urgent_help(self._store, student.id)
        return _say("Thank you. Your school has been told, in your words.", f"{reach} {help_now}")

    def _my_data(self, student: TeamsStudent) -> Card:
        with self._store.unit_of_work() as work:
            who = f"student:{student.id}"
            work.record(who, "my-data", who)
            data = own_data(work.connection, student.id, institution_day(work.now))
            return _data_card(data, words_of(work.connection, student.id))


_KINDS = {Wish.WRONG: Saying.WRONG, Wish.CONTACT: Saying.CONTACT_BY, Wish.PERSON: Saying.TALK}
_EXAMPLES = {
    Wish.WRONG: "this is wrong: I was in hospital that week",
    Wish.CONTACT: "contact me by phone in the afternoon",
}


_GREETINGS = frozenset({"", "help", "home", "hello", "hi", "hey"})


def _help(student: TeamsStudent, help_now: str, *, is_lost: bool) -> Card:
    """List the commands. ``is_lost``: the student wrote something that no one will read."""
    lost = Text(
        "I did not understand your message and did not pass it on. I understand only the commands "
        "below."
    )
    return Card(
        "student-help",
        "What you can ask Lantern",
        (
            *([lost] if is_lost else []),
            Text(f"Hello {student.given_name}, you can write:"),
            Facts(
                (
                    ("my data", "What your school sees here about your engagement."),
                    ("this is wrong …", "Say what is not right about it."),
                    ("contact me by …", "Say how your school reaches you best."),
                    ("a person …", "Say that you would like to talk to a person."),
                )
            ),
            Text(
                "The person who looks after you at your school reads this in their working hours. "
                f"{help_now}",
                TextStyle.SUBTLE,
            ),
        ),
    )


def _data_card(data: OwnData, said: Sequence[SayingWords]) -> Card:
    since = on_day(data.case_since) if data.case_since else ""
    facts = [
        ("School", data.school),
        ("Programme", data.programme),
        ("Modules", ", ".join(data.modules) or "none"),
        ("Has someone been asked to see how you are?", f"yes, since {since}" if since else "no"),
        ("Your answers by email", str(data.answers or "none")),
    ]
    blocks: list[CardBlock] = [Text("What Lantern holds about you", TextStyle.HEADING)]
    blocks.append(Facts(tuple(facts)))
    blocks += [Text(reason) for reason in data.reasons[:_SHOWN]]
    blocks += [Text(data.sources, TextStyle.SUBTLE)] if data.sources else []
    blocks += [Text(f"Email, {on_day(day)}: {what}") for day, what in data.mails[-_SHOWN:]]
    for each in said[-_SHOWN:]:
        blocks += _own_words(each)
    blocks.append(Text(f"Is it wrong? Write “this is wrong” and why. {_reach(data)}".strip()))
    return Card("student-data", "What Lantern holds about you", tuple(blocks))


def _own_words(said: SayingWords) -> Iterator[CardBlock]:
    day = on_day(institution_day(said.at))
    yield Text(f"You said on {day}: {said.kind.label}.\n{said.words}".strip(), TextStyle.QUOTE)
    if said.answer and said.answered_at:
        answered = on_day(institution_day(said.answered_at))
        yield Text(f"Your school answered on {answered}:\n{said.answer}", TextStyle.QUOTE)


def _reach(data: OwnData) -> str:
    adviser = f"Your adviser is {data.adviser}." if data.adviser else ""
    mailbox = f"Your school reads {data.mailbox}." if data.mailbox else ""
    return f"{adviser} {mailbox}".strip() or f"Ask at the office of {data.school}."


def _say(sentence: str, hint: str = "") -> Card:
    hints = (Text(hint),) if hint else ()
    return Card("notice", sentence, (Text(sentence), *hints))
