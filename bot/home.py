"""A colleague's own page: their cases, what stands in for whom, and how the feeds are."""

from __future__ import annotations

from bot.cards.model import Actions, Button, Card, CardBlock, Divider
from bot.commands.desk import Desk
from bot.interaction import Interaction, Person

PARTS = ("mine", "me", "feeds")
"""The commands whose answers make up the page, in order."""


def home_card(desk: Desk, person: Person, key: str) -> Card:
    """The page as it is now. Who is not enrolled reads why, once."""
    blocks: list[CardBlock] = []
    summary = ""
    for part in PARTS:
        reply = desk.handle(Interaction(person, part, "", f"{key}:{part}"))
        if reply.card is None:
            continue
        if reply.card.kind == "notice" and part == PARTS[0]:
            return reply.card
        summary = summary or reply.card.summary
        blocks += [*([Divider()] if blocks else []), *reply.card.blocks]
    more = tuple(Button(label, name) for label, name in (("Today", "today"), ("Help", "help")))
    return Card("home", summary or "Lantern", (*blocks, Actions(more)))
