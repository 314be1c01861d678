"""Add links to where the cards of cases stand, for one channel or one person's platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from bot.cards.kit.model import Card, CardBlock, Dialog, DialogBlock, Link, Row
from bot.platforms import ADDRESSES
from store.db.database import Connection
from store.queries.cases.posted import cards_posted
from store.rules.model import Platform

Shown = TypeVar("Shown", Card, Dialog)
Block = TypeVar("Block", CardBlock, DialogBlock)


def cases_linked(shown: Card | Dialog | None) -> set[int]:
    """Return the cases that a card or dialog refers to by a link; empty for nothing shown."""
    blocks = shown.blocks if shown else ()
    linked = (block.case for block in blocks if isinstance(block, Link | Row))
    return {case for case in linked if case is not None}


def with_links(connection: Connection, platform: Platform, tenant: str, shown: Shown) -> Shown:
    """Return the card or dialog with the address of each case's card on this platform."""
    wanted = cases_linked(shown)
    if not wanted:
        return shown
    found = cards_posted(connection, platform, tenant, wanted)
    addresses = {
        case: ADDRESSES[platform](tenant, channel, message)
        for case, (channel, message) in found.items()
    }
    if isinstance(shown, Card):
        return replace(shown, blocks=_linked(shown.blocks, addresses))
    return replace(shown, blocks=_linked(shown.blocks, addresses))


def _linked(blocks: tuple[Block, ...], addresses: Mapping[int, str]) -> tuple[Block, ...]:
    """Fill in the addresses; a link that leads nowhere is left out."""
    return tuple(
        replace(block, address=addresses.get(block.case, ""))
        if isinstance(block, Link | Row) and block.case is not None
        else block
        for block in blocks
        if not isinstance(block, Link) or block.case is None or block.case in addresses
    )
