"""Render cards and dialogs for Teams: Adaptive Cards, schema 1.5."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bot.cards.kit.fit import Block, fitted
from bot.cards.kit.model import (
    Actions,
    Card,
    Chart,
    Dialog,
    Divider,
    Facts,
    Fold,
    Input,
    Link,
    Part,
    Reasons,
    Row,
    Select,
    Shown,
    StatusLine,
    Text,
    TextStyle,
    Title,
)
from bot.cards.kit.plain_text import clean, cut, one_line
from bot.cards.schools.home import KIND as HOME
from bot.teams import case_parts
from bot.teams import command_syntax as wording
from bot.teams.action_values import dialog_data
from bot.teams.elements import NOTE, TITLE, action_list, action_set, actions, choice, field, is_mail
from bot.teams.inbound_request import PAGE, REFRESH
from bot.teams.markup import Json, escaped, label, paragraph

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
SIZE = 26_000
"""Bytes of a card. Teams refuses a message above 28 KB, including its envelope."""
TALL = "440px"
"""Lines that a large dialog shows without scrolling."""
LABEL_TEXT = 100
VALUE_TEXT = 500
HEADING = 200


def message(card: Card) -> Json:
    """Build the message activity to send, or to replace an earlier one."""
    summary = wording.rewrite_sentence(card.summary)
    blocks = [wording.block(each) for each in card.blocks]
    content = fitted(blocks, partial(_content, summary=summary), _fits)
    if asked := _asked_anew(card):
        content["refresh"] = _refresh(asked)
    return {
        "type": "message",
        "summary": cut(summary, NOTE),
        "attachments": [_attachment(content)],
    }


def dialog(
    asked: Dialog, errors: Mapping[str, str] | None = None, values: Mapping[str, str] | None = None
) -> Json:
    """Build the answer to ``task/fetch``; to ``task/submit`` with ``errors`` and ``values``."""
    wrong = {name: wording.rewrite_sentence(said) for name, said in (errors or {}).items()}
    names = {item.name for item in asked.fields()}
    on_top = [Text(said) for name, said in wrong.items() if name not in names]
    blocks = [wording.block(each) for each in asked.blocks]
    render = partial(_dialog_content, asked=asked, wrong=wrong, values=values or {})
    task = {
        "title": one_line(asked.title, TITLE),
        "width": "medium",
        "height": "large" if len(asked.blocks) > 3 or _is_long(asked) else "medium",
        "card": _attachment(fitted([*on_top, *blocks], render, _fits)),
    }
    return {"task": {"type": "continue", "value": task}}


def _is_long(asked: Dialog) -> bool:
    """Return whether it contains an email, to read or to write."""
    is_read = any(isinstance(b, Text) and b.style is TextStyle.LETTER for b in asked.blocks)
    return is_read or any(is_mail(field) for field in asked.fields())


def _asked_anew(card: Card) -> dict[str, str] | None:
    """Return the ids by which Teams refreshes a card; None for one that stays as it is.

    A case's card gives the ids of its own buttons.
    """
    if card.kind == HOME:
        return {PAGE: HOME}
    named = {button.ids.get("case") for button in card.buttons()} if card.kind == "case" else set()
    case = named.pop() if len(named) == 1 else None
    return {"case": case} if case else None


def _refresh(ids: dict[str, str]) -> Json:
    """Have Teams refresh the card for each person who looks at it, with the buttons that they may
    use. Without a list of people it does so in channels of up to 60."""
    data = {"action": REFRESH, "ids": ids}
    return {"action": {"type": "Action.Execute", "verb": REFRESH, "data": data}}


def _attachment(content: Json) -> Json:
    return {"contentType": CONTENT_TYPE, "content": content}


def _fits(content: Json) -> bool:
    written = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return len(written.encode()) <= SIZE


def _card(body: list[Json], buttons: list[Json], fallback: str) -> Json:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": cut(fallback, NOTE),
        "body": body,
        "actions": buttons,
    }


def _content(blocks: Sequence[Block], cap: int, *, summary: str) -> Json:
    """Build a card; the buttons at its end become the card's own, others stay in place.

    A fold that comes after them stands before them here: Teams has the card's own buttons last.
    """
    *first, last = _with_buttons_last(blocks)
    if not isinstance(last, Actions):
        return _card(_body(blocks, lambda block, at: _block(block, at, cap)), [], summary)
    body = _body(first, lambda block, at: _block(block, at, cap))
    *rows, row = actions(last, cap)
    return _card([*body, *map(action_set, rows)], row, summary)


def _with_buttons_last(blocks: Sequence[Block]) -> Sequence[Block]:
    if len(blocks) > 1 and isinstance(blocks[-1], Fold) and isinstance(blocks[-2], Actions):
        return [*blocks[:-2], blocks[-1], blocks[-2]]
    return blocks


def _dialog_content(
    blocks: Sequence[Block],
    cap: int,
    *,
    asked: Dialog,
    wrong: Mapping[str, str],
    values: Mapping[str, str],
) -> Json:
    def made(block: Block, at: int) -> list[Json]:
        if isinstance(block, Select | Input):
            return field(block, wrong.get(block.name), values.get(block.name), cap)
        if isinstance(block, Actions):
            return list(action_list(block, cap))
        return _block(block, at, cap)

    submit = {"type": "Action.Submit", "style": "positive", "data": dialog_data(asked)}
    buttons = [{**submit, "title": one_line(asked.submit, TITLE)}] if asked.submit else []
    content = _card(_body(blocks, made), buttons, asked.title)
    # The field in which an email is written takes the room that is left.
    return content | ({"minHeight": TALL} if any(is_mail(f) for f in asked.fields()) else {})


def _body(blocks: Sequence[Block], make: Callable[[Block, int], list[Json]]) -> list[Json]:
    """Render all blocks. A divider becomes a property of the element after it."""
    body: list[Json] = []
    divided = False
    for at, block in enumerate(blocks):
        made = make(block, at)
        if made and divided:
            made = [{**made[0], "separator": True, "spacing": "medium"}, *made[1:]]
        body += made
        divided = isinstance(block, Divider)
    return body


def _block(block: Block, number: int, cap: int) -> list[Json]:
    match block:
        case Actions():
            return [action_set(row) for row in actions(block, cap)]
        case Select():
            return choice(block, number, cap)
        case Input():
            return field(block, None, None, cap)
        case Fold():
            parts = _body(block.parts, lambda part, at: _block(part, at, cap))
            return case_parts.fold(block, parts, number)
        case _:
            return _said(block, cap)


def _said(block: Shown, cap: int) -> list[Json]:
    match block:
        case Title() | StatusLine() | Reasons() | Link():
            return case_parts.of_case(block, cap)
        case Row():
            return [case_parts.row(block, cap)]
        case Fold():
            return []  # it is rendered with its number
        case _:
            return _part(block, cap)


def _part(block: Part, cap: int) -> list[Json]:
    match block:
        case Text():
            return [_text(block, cap)]
        case Facts():
            return [_facts(block, cap)]
        case Chart():
            return case_parts.chart(block, cap)
        case Reasons():
            return case_parts.reasons(block, cap)
        case Divider():
            return []


def _text(block: Text, cap: int) -> Json:
    short = cut(block.text, cap)
    match block.style:
        case TextStyle.HEADING:
            heading = one_line(short, HEADING)
            return label(heading, style="heading", size="medium", weight="bolder")
        case TextStyle.SUBTLE:
            return paragraph(short, isSubtle=True, size="small")
        case TextStyle.QUOTE:
            return _set_off(paragraph(short))
        case TextStyle.LETTER:
            return _set_off(paragraph(clean(block.text)))
        case TextStyle.PLAIN:
            return paragraph(short)


def _set_off(item: Json) -> Json:
    return {"type": "Container", "style": "emphasis", "items": [item]}


def _facts(block: Facts, cap: int) -> Json:
    facts = [
        {
            "title": escaped(one_line(name, min(cap, LABEL_TEXT))),
            "value": escaped(one_line(value, min(cap, VALUE_TEXT))),
        }
        for name, value in block.items
    ]
    return {"type": "FactSet", "facts": facts}
