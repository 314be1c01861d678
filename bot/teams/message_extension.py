"""The message extension: add a message to a case, and find a case by a few letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import add_to_case as adding
from bot.cards.kit.model import Actions, Button, Card, Text, TextStyle
from bot.interaction import Person, Reply
from bot.teams.markup import Json
from bot.teams.plain_text import typed_text
from bot.teams.renderer import message
from store.db.unit_of_work import Store
from store.queries.cases.lists import CaseLine

SEARCH = "find-case"
MOST_FOUND = 15


def open_add_dialog(store: Store, person: Person, payload: Mapping[str, Any]) -> Reply:
    """Open the “Add to case” dialog for a message, as Teams sends it."""
    body = payload.get("body")
    said = typed_text(body.get("content") if isinstance(body, Mapping) else "")
    return adding.add_dialog(store, person, said)


def found(store: Store, person: Person, query: str) -> Json:
    """List cases that this person may see. The entry put into a chat shows only the reference,
    since people in the chat may not all be caseworkers."""
    wanted = typed_text(query).casefold()
    lines = [
        line
        for line in adding.visible_cases(store, person)
        if wanted in adding.case_label(line).casefold()
    ]
    return result([_attachment(line) for line in lines[:MOST_FOUND]])


def result(attachments: list[Json]) -> Json:
    """Build the response that lists these attachments as the results of a search."""
    shown = {"type": "result", "attachmentLayout": "list", "attachments": attachments}
    return {"composeExtension": shown}


def _attachment(line: CaseLine) -> Json:
    button = Button("Open", "show", {"case": str(line.id)}, opens_dialog=True)
    heading = Text(line.reference, TextStyle.HEADING)
    card = message(Card("case-link", line.reference, (heading, Actions((button,)))))
    preview = {
        "contentType": "application/vnd.microsoft.card.thumbnail",
        "content": {
            "title": line.reference,
            "text": adding.case_label(line).removeprefix(f"{line.reference} · "),
        },
    }
    return {**card["attachments"][0], "preview": preview}
