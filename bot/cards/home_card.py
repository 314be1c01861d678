"""A colleague's own page: what they look after, who they are here, and how the data arrives."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.list_cards import mine_card
from bot.cards.model import Actions, Button, Card, CardBlock, Divider
from bot.cards.notices import notice
from bot.cards.registry import example
from bot.cards.sample import line
from store.rules.model import CaseStatus

KIND = "home"


def home_card(parts: Sequence[Card]) -> Card:
    """These cards on one page, with what is usually wanted next."""
    blocks: list[CardBlock] = []
    for part in parts:
        blocks += [*([Divider()] if blocks else []), *part.blocks]
    more = tuple(Button(label, name) for label, name in (("Today", "today"), ("Help", "help")))
    return Card(KIND, parts[0].summary, (*blocks, Actions(more)))


@example("home")
def _home() -> Card:
    mine = mine_card([line(12, CaseStatus.RESPONDED, 2)])
    return home_card([mine, notice("Nothing has arrived yet, so it is unknown.")])
