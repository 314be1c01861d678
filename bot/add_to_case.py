"""“Add to case” on a message of a chat: the same dialog on every platform that has such a thing."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.reply_cards import notice
from bot.identity import actor_behind
from bot.interaction import Interaction, Person, Reply
from store.db.unit_of_work import Store
from store.queries.cases.lists import CaseLine, open_cases
from store.rules.access.permissions import Action, may
from store.rules.model import InterventionKind

ADD = "add-to-case"
MOST_CASES = 100
LONGEST = 2000


def as_note(asked: Interaction) -> Interaction:
    """Keep a message as a note in the case's log, which every caseworker may write."""
    values = asked.values or {}
    return replace(
        asked,
        action="log",
        ids={"case": values.get("case", "")},
        values={"kind": InterventionKind.NOTE.value, "note": values.get("note", "")},
    )


def add_dialog(store: Store, person: Person, said: str) -> Reply:
    """Which case, and what of the message: who adds it sees what is kept, and can shorten it."""
    lines = visible_cases(store, person)
    if not lines:
        return Reply(
            card=notice("No case of your schools is open, so there is nothing to add this to.")
        )
    options = tuple(Option(str(line.id), label(line)) for line in lines[:MOST_CASES])
    warning = (
        "It is kept in the case's log under your name. Please leave out what does not belong there."
    )
    return Reply(
        dialog=Dialog(
            ADD,
            "Add to a case",
            ADD,
            (
                Select("case", "Case", options),
                Input(
                    "note", "What is kept", InputKind.PARAGRAPH, said[:LONGEST], max_length=LONGEST
                ),
                Text(warning, TextStyle.SUBTLE),
            ),
            submit="Add",
        )
    )


def visible_cases(store: Store, person: Person) -> list[CaseLine]:
    """The open cases that this person may see."""
    actor = actor_behind(store, person)
    schools = [school for school in actor.roles if may(actor, Action.SEE, school)]
    with store.database.read() as connection:
        return open_cases(connection, schools, reader=actor.id)


def label(line: CaseLine) -> str:
    """A case in a list to choose from."""
    return f"{line.reference} · {line.status.label}, {line.owner or 'with nobody yet'}"[:75]
