"""The private message that a colleague no longer covers for another (paragraph 26)."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.model import Card, Text
from bot.cards.kit.registry import example
from store.queries.schools.cover import Cover
from store.rules.text.formatting import on_day


def cover_ended_card(ended: Cover, reader: int, today: dt.date) -> Card:
    """Tell the absent person, the cover or a lead whose messages the cover no longer gets."""
    since = f" The last day was {on_day(ended.last)}." if ended.last < today else ""
    again = "If {who} still away, arrange cover again with /lantern cover."
    if reader == ended.absent:
        said = f"{ended.cover_name} no longer covers for you.{since}"
        then = f"Messages about your cases come to you again. {again.format(who='you are')}"
    elif reader == ended.cover:
        said = f"You no longer cover for {ended.absent_name}.{since}"
        then = f"Messages about their cases go to {ended.absent_name} again."
    else:
        said = f"{ended.cover_name} no longer covers for {ended.absent_name}.{since}"
        still = again.format(who=f"{ended.absent_name} is")
        then = f"Messages about their cases go to {ended.absent_name} again. {still}"
    return Card(kind="notice", summary=said, blocks=(Text(f"{said} {then}"),))


def _example(reader: int) -> Card:
    from bot.cards.kit import sample_data as sample

    last = sample.DAY - dt.timedelta(days=1)
    ended = Cover(1, 1, 2, "Bob Example", 3, "Alice Example", last - dt.timedelta(days=4), last)
    return cover_ended_card(ended, reader, sample.DAY)


@example("notice-cover-ended")
def _to_the_absent() -> Card:
    return _example(2)


@example("notice-cover-ended-to-the-cover")
def _to_the_cover() -> Card:
    return _example(3)


@example("notice-cover-ended-to-the-lead")
def _to_the_lead() -> Card:
    return _example(9)
