"""Lantern's own words on a case's card, which a colleague may not paste as their own reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.cards.kit.model import (
    Actions,
    Card,
    Chart,
    Facts,
    Fold,
    Reasons,
    StatusLine,
    Text,
    Title,
)
from bot.posting.channel_card import channel_card
from store.db import repository
from store.db.database import Connection
from store.rules.outreach.guards import SendingLimits


def words_on_card(
    connection: Connection, case: int, now: dt.datetime, limits: SendingLimits
) -> tuple[str, ...]:
    """Return Lantern's texts on the card, without what colleagues typed, which may be typed again.

    ``now`` is in UTC.
    """
    typed = repository.case(connection, case).pause_reason.strip().rstrip(".")
    said = _words(channel_card(connection, case, now, limits))
    return tuple(text for text in said if not typed or typed not in text)


def _words(card: Card) -> Iterator[str]:
    for block in card.blocks:
        match block:
            case Title() | StatusLine() | Text():
                yield block.text
            case Reasons():
                yield from (f"{marker} {reason}" for marker, reason in block.items)
            case Chart():
                yield f"{block.title} {block.summary}"
            case Actions():
                yield " ".join(each.label for each in (*block.buttons, *block.more))
            case Fold():
                yield from _before_the_discussion(block)
            case _:
                pass


def _before_the_discussion(fold: Fold) -> Iterator[str]:
    """Yield what stands above the discussion and the steps, which begin after the facts."""
    for part in fold.parts:
        if isinstance(part, Facts):
            yield " ".join(f"{name} {value}" for name, value in part.items)
            return
        if isinstance(part, Chart):
            yield f"{part.title} {part.summary}"
        elif isinstance(part, Text):
            yield part.text
