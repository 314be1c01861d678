"""Show a card's chart as a picture that the platform holds, where it has the right one."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, replace

from bot.cards.kit.model import Card, CardBlock, Chart, Fold

DRAWN_AS = 1
"""Raised when pictures are drawn differently, so that each is drawn anew."""


def chart_of(card: Card) -> Chart | None:
    """Return the card's chart; a card has one at most."""
    for block in card.blocks:
        parts = block.parts if isinstance(block, Fold) else (block,)
        for part in parts:
            if isinstance(part, Chart):
                return part
    return None


def digest(chart: Chart) -> str:
    """Return a digest of all that the chart's picture shows."""
    shown = astuple(replace(chart, summary="", picture=""))
    return hashlib.sha256(repr((DRAWN_AS, shown)).encode()).hexdigest()


def with_picture(card: Card, file: str) -> Card:
    """Return the card with its chart as this file of the platform."""
    return replace(card, blocks=tuple(_pictured(block, file) for block in card.blocks))


def _pictured(block: CardBlock, file: str) -> CardBlock:
    if isinstance(block, Chart):
        return replace(block, picture=file)
    if isinstance(block, Fold):
        parts = (
            replace(part, picture=file) if isinstance(part, Chart) else part for part in block.parts
        )
        return replace(block, parts=tuple(parts))
    return block
