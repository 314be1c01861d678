"""cover, me, train: arrange cover, show one's own details, record training."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from bot.cards.kit.reply_cards import notice
from bot.cards.schools.staff import cover_dialog, me_card
from bot.commands.staff_names import the_one
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.schools import arrange_cover as covering
from store.actions.schools.arrange_cover import Absence
from store.actions.schools.record_training import record_training
from store.queries.schools.own_account import me_view
from store.queries.schools.staff import School, all_schools, colleagues
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.text.date_parsing import day_meant, past_day
from store.rules.text.formatting import day_ahead, folded, on_day

_BACK = frozenset({"end", "ends", "ended", "back"})
_MYSELF = frozenset({"me", "myself", "i"})


@COMMANDS.add(
    "cover",
    "Arrange cover while you, or a colleague, are away.",
    "cover alice bob friday",
    Action.COVER,
)
def cover(call: Call) -> Reply:
    """Arrange or end cover: ``alice bob friday``, ``bob friday`` for oneself, ``alice end``."""
    school, words = _school(call)
    with call.store.database.read() as connection:
        people = colleagues(connection, school.id, Action.TAKE)
    if call.answers is not None:
        return _arrange(call, school, _filled_in(call, people), people)
    if not words:
        today = institution_day(call.store.now())
        return Reply(dialog=cover_dialog(school, people, call.actor.id, today))
    if words[-1].casefold() in _BACK:
        absent = _named(call, people, words[:-1])[0] if len(words) > 1 else call.actor
        covering.end_cover(call.store, call.request, school.id, absent.id)
        return Reply(card=notice(f"Cover for {absent.name} has ended."))
    return _arrange(call, school, _typed(call, people, words), people)


@COMMANDS.add("me", "See what Lantern holds about you: roles, training, cover.", "me")
def me(call: Call) -> Reply:
    """Show the roles, training and cover of the person who asks."""
    with call.store.database.read() as connection:
        view = me_view(connection, call.actor.id, institution_day(call.store.now()))
    return Reply(card=me_card(view))


@COMMANDS.add(
    "train",
    "As a school's or faculty's lead: record that a colleague was trained.",
    "train alice 2026-10-01",
    Action.FIGURES,
)
def train(call: Call) -> Reply:
    """Record a colleague's training: ``alice`` for today, ``alice 2026-10-01``.

    Raises ``InvalidInput`` where the line names no colleague, and ``NotAllowed`` for all but leads.
    """
    words = call.words()
    if not words:
        raise InvalidInput(f"Who was trained, and when? For example: {call.command.example}")
    leading = schools_where(call.actor, Action.FIGURES)
    if not leading:
        raise NotAllowed("Your school's engagement lead records training. Ask them.")
    with call.store.database.read() as connection:
        found = [each for s in leading for each in colleagues(connection, s, Action.INFORM)]
    people = list({person.id: person for person in found}.values())
    colleague, when = _named(call, people, words)
    today = institution_day(call.store.now())
    day = past_day(" ".join(when), today) if when else today
    record_training(call.store, call.request, colleague.id, day)
    said = f"{colleague.name}'s training on {on_day(day)} {day.year} is recorded."
    return Reply(card=notice(said))


def _arrange(call: Call, school: School, wanted: Absence, people: Sequence[Actor]) -> Reply:
    covering.arrange_cover(call.store, call.request, school.id, wanted)
    names = {person.id: person.name for person in people}
    today = institution_day(call.store.now())
    return Reply(
        card=notice(
            f"{names[wanted.cover]} covers for {names[wanted.absent]} from "
            f"{day_ahead(wanted.first, today)} to {day_ahead(wanted.last, today)}."
        )
    )


def _typed(call: Call, people: Sequence[Actor], words: list[str]) -> Absence:
    """Read two names and a day, or one name and a day for the person's own absence."""
    if len(words) < 2:
        raise InvalidInput(f"Who covers, and until when? For example: {call.command.example}")
    today = institution_day(call.store.now())
    person, rest = _named(call, people, words)
    try:
        first, last = _days(" ".join(rest), today)
    except InvalidInput:
        cover, days = _named(call, people, rest) if rest else (person, rest)
        if not days:
            raise InvalidInput(f"Until when? For example: {call.command.example}") from None
        first, last = _days(" ".join(days), today)
        return Absence(person.id, cover.id, first, last)
    return Absence(call.actor.id, person.id, first, last)


def _days(text: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Read days: ``friday``, ``until friday``, ``monday to friday``, ``from … until …``."""
    said = re.sub(r"^from ", "", " ".join(text.split()), flags=re.IGNORECASE)
    start, *finish = re.split(r" ?\b(?:until|till|to)\b ?", said, maxsplit=1, flags=re.IGNORECASE)
    if not finish:
        return today, day_meant(start, today)
    first = day_meant(start, today) if start else today
    return first, day_meant(finish[0], first)


def _filled_in(call: Call, people: Sequence[Actor]) -> Absence:
    answers = call.answers or {}
    known = {str(person.id): person.id for person in people}
    for field in ("absent", "cover"):
        if answers.get(field) not in known:
            raise InvalidInput("Choose a colleague of this school.", field=field)
    first = day_meant(call.answer("first"), institution_day(call.store.now()), "first")
    last = day_meant(call.answer("last"), first, "last")
    return Absence(known[answers["absent"]], known[answers["cover"]], first, last)


def _school(call: Call) -> tuple[School, list[str]]:
    """Read the school and the words after it; only a person with several schools names one."""
    mine = schools_where(call.actor, Action.COVER)
    if not mine:
        raise NotAllowed("Student support officers, advisers and engagement leads arrange cover.")
    with call.store.database.read() as connection:
        known = [school for school in all_schools(connection) if school.id in mine]
    words = call.words() if call.was_typed else []
    if "school" in call.interaction.ids:
        chosen = [school for school in known if school.id == call.id("school")]
        if not chosen:
            raise InvalidInput("This form is out of date. Type /lantern cover to open a new one.")
        return chosen[0], words
    by_code = {school.code.casefold(): school for school in known}
    if words and words[0].casefold() in by_code:
        return by_code[words[0].casefold()], words[1:]
    if len(known) > 1:
        codes = ", ".join(school.code for school in known)
        raise InvalidInput(
            f"You work in {codes}. Name the school first: "
            f"/lantern cover {known[0].code} alice bob friday"
        )
    return known[0], words


def _named(call: Call, people: Sequence[Actor], words: list[str]) -> tuple[Actor, list[str]]:
    """Read who is meant first, by a whole name or one word; return the words after it too."""
    if words[0].casefold() in _MYSELF:
        return call.actor, words[1:]
    names = {folded(person.name) for person in people}
    whole = (n for n in range(len(words), 1, -1) if folded(" ".join(words[:n])) in names)
    many = next(whole, 1)
    return the_one(people, " ".join(words[:many])), words[many:]
