"""The message extension: a message added to a case, and a case found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.model import (
    Actions,
    Button,
    Card,
    Dialog,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.identity import actor_behind
from bot.interaction import Interaction, Person, Reply
from bot.teams.lines import plain
from bot.teams.markup import Json
from bot.teams.render import message
from store.queries.lists import CaseLine, open_cases
from store.rules.access import Action, may
from store.rules.model import InterventionKind
from store.unit_of_work import Store

ADD = "add-to-case"
SEARCH = "find-case"
MOST_FOUND = 15
MOST_CASES = 100
LONGEST = 2000

AddToCase = Callable[[Interaction], Interaction]
"""The seam: which command keeps a message. It gets case and words, and gives what the desk does."""


def as_note(asked: Interaction) -> Interaction:
    """Keep a message as a note in the case's log, which every caseworker may write."""
    values = asked.values or {}
    return Interaction(
        person=asked.person,
        action="log",
        channel=asked.channel,
        key=asked.key,
        ids={"case": values.get("case", "")},
        values={"kind": InterventionKind.NOTE.value, "note": values.get("note", "")},
    )


def add_dialog(store: Store, person: Person, payload: Mapping[str, Any]) -> Reply:
    """Which case, and what of the message: who adds it sees what is kept, and can shorten it."""
    lines = _visible(store, person)
    if not lines:
        nothing = "No case of your schools is open, so there is nothing to add this to."
        return Reply(card=Card("notice", nothing, (Text(nothing),)))
    body = payload.get("body")
    said = plain(body.get("content") if isinstance(body, Mapping) else "")[:LONGEST]
    options = tuple(Option(str(line.id), _label(line)) for line in lines[:MOST_CASES])
    return Reply(
        dialog=Dialog(
            "add-to-case",
            "Add to a case",
            ADD,
            (
                Select("case", "Case", options),
                Input("note", "What is kept", InputKind.PARAGRAPH, said, max_length=LONGEST),
                Text(
                    "It is kept in the case's log under your name. Please leave out what does not "
                    "belong there.",
                    TextStyle.SUBTLE,
                ),
            ),
            submit="Add",
        )
    )


def found(store: Store, person: Person, query: str) -> Json:
    """Cases that this person may see, as Teams lists them. What is put into a chat names a case
    and nothing of it: who is there may not all be caseworkers."""
    wanted = plain(query).casefold()
    lines = [line for line in _visible(store, person) if wanted in _label(line).casefold()]
    return result([_attachment(line) for line in lines[:MOST_FOUND]])


def result(attachments: list[Json]) -> Json:
    """The answer to a search."""
    shown = {"type": "result", "attachmentLayout": "list", "attachments": attachments}
    return {"composeExtension": shown}


def _visible(store: Store, person: Person) -> list[CaseLine]:
    actor = actor_behind(store, person)
    schools = [school for school in actor.roles if may(actor, Action.SEE, school)]
    with store.database.read() as connection:
        return open_cases(connection, schools)


def _label(line: CaseLine) -> str:
    return f"{line.reference} · {line.status.label}, {line.owner or 'with nobody yet'}"[:75]


def _attachment(line: CaseLine) -> Json:
    button = Button("Open", "show", {"case": str(line.id)}, opens_dialog=True)
    heading = Text(line.reference, TextStyle.HEADING)
    card = message(Card("case-link", line.reference, (heading, Actions((button,)))))
    preview = {
        "contentType": "application/vnd.microsoft.card.thumbnail",
        "content": {"title": line.reference, "text": _label(line)},
    }
    return {**card["attachments"][0], "preview": preview}
