"""The “Add to case” dialog for a chat message, the same on every platform that offers it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.state_words import state_of_line
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.reply_cards import notice
from bot.identity import actor_behind
from bot.interaction import Interaction, Person, Reply
from store.db.unit_of_work import Store
from store.queries.cases.lists import CaseLine, open_cases
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.model import InterventionKind

ADD = "add-to-case"
MOST_CASES = 100
LONGEST = 2000


def as_note(asked: Interaction) -> Interaction:
    """Turn a submitted “Add to case” dialog into a note, which every caseworker may write."""
    values = asked.values or {}
    return replace(
        asked,
        action="log",
        ids={"case": values.get("case", "")},
        values={"kind": InterventionKind.NOTE.value, "note": values.get("note", "")},
    )


def add_dialog(store: Store, person: Person, said: str) -> Reply:
    """Ask for the case, and show the message so that the person can shorten it before saving."""
    lines = visible_cases(store, person)
    if not lines:
        return Reply(card=notice("There are no open cases in your schools to add this message to."))
    options = tuple(Option(str(line.id), case_label(line)) for line in lines[:MOST_CASES])
    warning = (
        "This is saved in the case's log under your name. Leave out anything that is not needed."
    )
    return Reply(
        dialog=Dialog(
            ADD,
            "Add to a case",
            ADD,
            (
                Select("case", "Case", options),
                Input(
                    "note", "What to save", InputKind.PARAGRAPH, said[:LONGEST], max_length=LONGEST
                ),
                Text(warning, TextStyle.SUBTLE),
            ),
            submit="Add",
        )
    )


def visible_cases(store: Store, person: Person) -> list[CaseLine]:
    """Return the open cases that this person may see."""
    actor = actor_behind(store, person)
    schools = [school for school in actor.roles if may(actor, Action.SEE, school)]
    with store.database.read() as connection:
        return open_cases(connection, schools, reader=actor.id, today=institution_day(store.now()))


def case_label(line: CaseLine) -> str:
    """Describe a case in a list of choices, within 75 characters."""
    return f"{line.reference} · {state_of_line(line)[0]}, {line.owner or 'no owner yet'}"[:75]
