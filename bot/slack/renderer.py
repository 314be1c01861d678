"""Render cards as Slack messages and dialogs as Slack modals, within Block Kit's limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot.cards.kit.column_chart import draw_columns
from bot.cards.kit.fit import Block, fitted, shed
from bot.cards.kit.ids import LETTER, pack
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
from bot.cards.kit.plain_text import cut, one_line, pieces
from bot.slack import case_parts
from bot.slack.action_values import action_id, block_id
from bot.slack.elements import actions, field, select
from bot.slack.markup import Json, bold, escape_plain, neutral, rich

APP_NAME = "Lantern"
MESSAGE_BLOCKS = 50
MODAL_BLOCKS = 100
MESSAGE_SIZE = 12_500
"""Characters of all blocks as JSON, with spaces. Slack refuses a message of about 13,200 with
``msg_blocks_too_long`` and does not say how it counts (slackapi/bolt-js issues 2509 and 2867),
so everything is counted, and there is a margin for the notification's text."""
SECTION_TEXT = 3000
HEADER_TEXT = 150
TITLE_TEXT = 24
NOTICE_TEXT = 500
FACTS_A_SECTION = 5
"""A section shows ten fields; a fact takes two, its label and its value."""
ALT_TEXT = 2000
LABEL_TEXT = 100
VALUE_TEXT = 500


def message(card: Card) -> Json:
    """Build the body of ``chat.postMessage`` or ``chat.update``, without the channel."""
    return {
        "text": neutral(cut(card.summary, NOTICE_TEXT)),
        "blocks": _message_blocks(card.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def modal_view(dialog: Dialog) -> Json:
    """Build the ``view`` of ``views.open``, ``views.push`` or a ``response_action``."""
    made: Json = {
        "type": "modal",
        "callback_id": dialog.action,
        "private_metadata": pack(dialog.ids),
        "title": escape_plain(one_line(dialog.title, TITLE_TEXT)),
        "close": escape_plain("Cancel" if dialog.submit else "Close"),
        "blocks": _blocks(_within(dialog.blocks, MODAL_BLOCKS), SECTION_TEXT, in_modal=True),
    }
    if chosen := dialog.ids.get(LETTER):
        # Slack keeps what was typed in a block of the same id, whatever its new words are.
        for block in made["blocks"]:
            if block["type"] == "input":
                block["block_id"] += f"#{chosen}"
    if dialog.submit:
        made["submit"] = escape_plain(one_line(dialog.submit, TITLE_TEXT))
    return made


def errors(dialog: Dialog, wrong: Mapping[str, str]) -> Json:
    """Build the answer to a rejected submission: the dialog stays, with the errors.

    An error of no particular field appears beside the first one, or on top where the dialog has
    none.
    """
    names = [item.name for item in dialog.fields()]
    if not names:
        said = tuple(Text(sentence) for sentence in wrong.values())
        again = replace(dialog, blocks=(*said, *dialog.blocks))
        return {"response_action": "update", "view": modal_view(again)}
    return {"response_action": "errors", "errors": beside(names, wrong)}


def beside(names: Sequence[str], wrong: Mapping[str, str]) -> Json:
    """Assign the errors to fields. ``names`` are the fields of the dialog, at least one."""
    said: dict[str, str] = {}
    for name, sentence in wrong.items():
        place = name if name in names else names[0]
        said[place] = cut(f"{said.get(place, '')} {sentence}", NOTICE_TEXT)
    return said


def card_view(card: Card) -> Json:
    """Render a card as a modal, for a person who asked from within one."""
    return {
        "type": "modal",
        "callback_id": card.kind,
        "title": escape_plain(APP_NAME),
        "close": escape_plain("Close"),
        "blocks": _view_blocks(card),
    }


def home_view(card: Card) -> Json:
    """Render a card as the Home page."""
    return {"type": "home", "blocks": _view_blocks(card)}


def _view_blocks(card: Card) -> list[Json]:
    return _blocks(_within(card.blocks, MODAL_BLOCKS), SECTION_TEXT, in_modal=False)


def _message_blocks(blocks: Sequence[Block]) -> list[Json]:
    return fitted(_within(blocks, MESSAGE_BLOCKS), partial(_blocks, in_modal=False), _fits)


def _fits(blocks: list[Json]) -> bool:
    return len(json.dumps(blocks, ensure_ascii=False)) <= MESSAGE_SIZE


def _within(blocks: Sequence[Block], room: int) -> Sequence[Block]:
    return shed(blocks, room, lambda block: len(_block(block, 0, SECTION_TEXT, in_modal=True)))


def _blocks(blocks: Sequence[Block], cap: int, *, in_modal: bool) -> list[Json]:
    return [
        made
        for number, block in enumerate(blocks)
        for made in _block(block, number, cap, in_modal=in_modal)
    ]


def _block(block: Block, number: int, cap: int, *, in_modal: bool) -> list[Json]:
    """Render one neutral block. ``number`` makes its identifiers unique in the message."""
    match block:
        case Actions():
            return [actions(block, number, cap)]
        case Select() if not in_modal:
            return _choice(block, number, cap)
        case Select() | Input():
            return [field(block, cap)]
        case Row():
            return [case_parts.row(block, number, cap)]
        case _:
            return _said(block, cap)


def _said(block: Shown, cap: int) -> list[Json]:
    match block:
        case Title() | StatusLine() | Reasons() | Link():
            return [case_parts.of_case(block, cap)]
        case Fold():
            return _folded(block, cap)
        case Row():
            return [case_parts.row(block, 0, cap)]
        case _:
            return _part(block, cap)


def _part(block: Part, cap: int) -> list[Json]:
    match block:
        case Text():
            return _text(block, cap)
        case Facts():
            return _facts(block, cap)
        case Chart():
            return _chart(block, cap)
        case Reasons():
            return [case_parts.of_case(block, cap)]
        case Divider():
            return [{"type": "divider"}]


def _folded(block: Fold, cap: int) -> list[Json]:
    """Render the parts in small type below the buttons, since no Slack block folds everywhere."""
    parts = [made for part in block.parts for made in _small(part, cap)]
    return [{"type": "divider"}, case_parts.fold_head(block), *parts]


def _small(part: Part, cap: int) -> list[Json]:
    if isinstance(part, Text) and part.style in (TextStyle.PLAIN, TextStyle.SUBTLE):
        return [{"type": "context", "elements": [escape_plain(cut(part.text, cap))]}]
    if isinstance(part, Text) and part.style is TextStyle.HEADING:
        return [_rich(rich("rich_text_section", one_line(part.text, HEADER_TEXT), is_bold=True))]
    return _part(part, cap)


def _text(block: Text, cap: int) -> list[Json]:
    short = cut(block.text, cap)
    match block.style:
        case TextStyle.HEADING:
            return [{"type": "header", "text": escape_plain(one_line(short, HEADER_TEXT))}]
        case TextStyle.SUBTLE:
            return [{"type": "context", "elements": [escape_plain(short)]}]
        case TextStyle.QUOTE:
            return [_rich(rich("rich_text_quote", short))]
        case TextStyle.LETTER:
            parts = pieces(block.text, SECTION_TEXT)
            return [_rich(rich("rich_text_quote", part)) for part in parts]
        case TextStyle.PLAIN:
            return [_rich(rich("rich_text_section", short))]


def _rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def _facts(block: Facts, cap: int) -> list[Json]:
    """Render labels left and values right: in this order they also read well on a phone."""
    fields = []
    for label, value in block.items:
        fields.append(bold(one_line(label, min(cap, LABEL_TEXT))))
        fields.append(escape_plain(one_line(value, min(cap, VALUE_TEXT))))
    step = 2 * FACTS_A_SECTION
    return [
        {"type": "section", "fields": fields[at : at + step]} for at in range(0, len(fields), step)
    ]


def _chart(block: Chart, cap: int) -> list[Json]:
    """Render the chart as its picture where Slack holds one, else in equal columns of characters,
    with its summary below."""
    said = {"type": "context", "elements": [escape_plain(cut(block.summary, cap))]}
    if block.picture:
        words = cut(f"{block.title}. {block.summary}", min(cap, ALT_TEXT))
        shown = {"type": "image", "slack_file": {"id": block.picture}, "alt_text": words}
        return [shown, said]
    columns = _rich(
        rich("rich_text_section", one_line(block.title, min(cap, HEADER_TEXT)), is_bold=True),
        rich("rich_text_preformatted", draw_columns(block)),
    )
    return [columns, said]


def _choice(block: Select, number: int, cap: int) -> list[Json]:
    """Render a select in a card, with its label beside it, whatever is chosen."""
    choice: Json = {
        "type": "section",
        "block_id": block_id(str(number), block.ids),
        "text": escape_plain(one_line(block.label, min(cap, SECTION_TEXT))),
        "accessory": select(block, action_id(block.name, str(number)), cap),
    }
    hint = {"type": "context", "elements": [escape_plain(cut(block.hint, cap))]}
    return [choice, hint] if block.hint else [choice]
