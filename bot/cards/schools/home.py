"""A colleague's own page: their cases, their roles, and whether the data arrives."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.cases.lists import mine_card
from bot.cards.kit.model import MOST_SHOWN, Actions, Button, Card, CardBlock, Divider
from bot.cards.kit.registry import example
from bot.cards.kit.sample_data import line
from bot.cards.schools.feeds import feeds_example
from bot.cards.schools.staff import me_example
from store.rules.model import CaseStatus

KIND = "home"


def home_card(parts: Sequence[Card]) -> Card:
    """Build a colleague's own page from these cards, with the usual next actions."""
    blocks: list[CardBlock] = []
    for part in parts:
        blocks += [*([Divider()] if blocks else []), *(_beside_ours(each) for each in part.blocks)]
    return Card(KIND, parts[0].summary, (*blocks, _OURS))


_OURS = Actions((Button("All cases", "cases"), Button("Help", "help")))
_BESIDE_OURS = MOST_SHOWN - len(_OURS.buttons) - 1


def _beside_ours(block: CardBlock) -> CardBlock:
    """Keep as many of a part's buttons as leave room for More and the page's own two."""
    if not isinstance(block, Actions) or len(block.buttons) <= _BESIDE_OURS:
        return block
    return Actions(block.buttons[:_BESIDE_OURS], (*block.buttons[_BESIDE_OURS:], *block.more))


@example("home")
def _home() -> Card:
    mine = mine_card([line(12, CaseStatus.RESPONDED, 2)])
    return home_card([mine, me_example(), feeds_example()])
