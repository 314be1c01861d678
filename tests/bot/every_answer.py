"""All answers of Lantern to staff: each command, clicked and typed, by each person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cards.kit.model import Dialog
from bot.commands.table import COMMANDS, Command
from bot.interaction import Reply
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from store.rules.students.messages import Said, Saying
from tests.bot.expected import expected
from tests.worker.erasures import much_is_written
from tests.worker.office import Office
from tests.worker.played import plays

CHANGING = (
    "take", "assign", "ask", "snooze", "resume", "acknowledge", "said", "train", "cover",
    "stop-mail", "start-mail", "draft", "draft-welfare", "approve", "reject", "note", "log",
    "attempt", "view", "alert-home", "refer", "welfare", "review", "pause", "exempt",
    "exempt-group", "complaint", "fitness", "close", "reopen", "preserve", "erase",
)  # fmt: skip
"""Commands that run last, in this order, because they change what the others show."""


@dataclass(frozen=True)
class Answer:
    """What one person was shown, and which command showed it."""

    person: str
    asked: str
    text: str


def a_busy_school(office: Office) -> tuple[int, int]:
    """Fill a school: Dana's case with all kinds of entries, Eli's with a draft, and all roles."""
    return plays(office, _a_busy_school)


def _a_busy_school(office: Office) -> tuple[int, int]:
    roles = {
        "fay": ("LANG", Role.FACULTY_LEAD),
        "priya": ("LANG", Role.DATA_PROTECTION_OFFICER),
    }
    load_roster(
        office.world.store,
        Roster(
            staff=tuple(
                StaffEntry(f"{name}@example.ac.uk", name.title(), (role,), sandbox_user=name)
                for name, role in roles.items()
            )
        ),
    )
    case = much_is_written(office)
    student = office.world.student("dana")
    said = Said(student, Saying.WRONG, "Kanarienvogel: I was in the library")
    record_message(office.world.store, said, "voice-1")
    drafted = office.world.open_case("eli")
    office.drafts_a_mail(drafted)
    office.works()
    return case, drafted


def answers(office: Office, cases: tuple[int, ...], people: tuple[str, ...]) -> Iterator[Answer]:
    """Run each command as each person: its button on the cases, the bare word and its example."""
    for command in sorted(COMMANDS.rows(), key=_order):
        for person in people:
            for case in cases:
                reply = office.clicks(person, command.name, case=case)
                yield Answer(person, f"{command.name} clicked", seen_in(reply))
            for line in lines_of(command):
                yield Answer(person, line, seen_in(office.types(person, line)))


def seen_in(reply: Reply) -> str:
    """Return all the text that a reply shows, without the values that buttons and fields send."""
    texts = list(reply.errors.values())
    for shown in (reply.card, reply.dialog):
        if shown is not None:
            read = expected(shown)
            texts += [*read.texts, *(part for fact in read.facts for part in fact)]
    if isinstance(reply.dialog, Dialog):
        texts += [field.value for field in expected(reply.dialog).fields if not field.options]
    return "\n".join(texts)


def _order(command: Command) -> int:
    return CHANGING.index(command.name) + 1 if command.name in CHANGING else 0


def lines_of(command: Command) -> list[str]:
    """Return the lines to type for a command: the bare word, its example, and some variations."""
    example = re.sub(r"\b[A-Z]{4}-\d+", "LANG-1", command.example.removeprefix("/lantern "))
    others = {
        "reveal": ["reveal LANG-1 page 1"],
        "complaint": ["complaint LANG-1 export", "complaint LANG-1 resolve"],
        "find": ["find dana", "find lang 1", "find mira"],
        "digest": ["digest", "digest week"],
        "report": ["report LANG"],
        "said": ["said LANG-1"],
        "review": ["review LANG-1"],
    }
    return list(dict.fromkeys([command.name, example, *others.get(command.name, ())]))
