"""Render buttons, menus, selects and inputs for Block Kit.

Lengths are those of the element pages of docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from bot.cards.kit.ids import pack
from bot.cards.kit.model import Actions, Button, ButtonStyle, Input, InputKind, Option, Select
from bot.cards.kit.plain_text import cut, one_line, seen
from bot.slack.action_values import MENU, action_id, menu_value
from bot.slack.markup import Json, escape_plain

BUTTON_TEXT = 75
OPTION_TEXT = 75
OVERFLOW_OPTIONS = 5
HINT_TEXT = 2000


def actions(block: Actions, number: int, cap: int) -> Json:
    """Render a row of buttons, with what is under *More* in a menu at its end."""
    shown = [button(each, f"{number}.{at}", cap) for at, each in enumerate(block.buttons)]
    menus = [_menu(block.more, f"{number}.{len(shown)}", cap)] if block.more else []
    return {"type": "actions", "elements": [*shown, *menus]}


def button(button: Button, number: str, cap: int) -> Json:
    """Render one button, with its confirmation question where it has one."""
    element: Json = {
        "type": "button",
        "action_id": action_id(button.action, number),
        "text": escape_plain(one_line(button.label, min(cap, BUTTON_TEXT))),
        "value": pack(button.ids),
    }
    if button.style is not ButtonStyle.DEFAULT:
        element["style"] = button.style.value
    if button.confirm:
        element["confirm"] = _confirm(button, button.confirm)
    return element


def _confirm(button: Button, sentence: str) -> Json:
    dialog: Json = {
        "title": escape_plain(one_line(button.label, 100)),
        "text": escape_plain(cut(sentence, 300)),
        "confirm": escape_plain(one_line(button.label, 30)),
        "deny": escape_plain("Cancel"),
    }
    if button.style is not ButtonStyle.DEFAULT:
        dialog["style"] = button.style.value
    return dialog


def _menu(buttons: Sequence[Button], number: str, cap: int) -> Json:
    """Render up to five buttons as an overflow menu; more, or groups, as a searchable list."""
    menu: Json = {"action_id": action_id(MENU, number)}
    if len(buttons) <= OVERFLOW_OPTIONS:
        return {"type": "overflow", **menu, "options": [_entry_of(each, cap) for each in buttons]}
    menu |= {"type": "static_select", "placeholder": escape_plain("More")}
    if not buttons[0].group:
        return {**menu, "options": [_entry_of(each, cap) for each in buttons]}
    groups = [
        {
            "label": escape_plain(one_line(name, 75)),
            "options": [_entry_of(each, cap) for each in entries],
        }
        for name, entries in groupby(buttons, key=lambda each: each.group)
    ]
    return {**menu, "option_groups": groups}


def _entry_of(button: Button, cap: int) -> Json:
    label = escape_plain(one_line(button.label, min(cap, OPTION_TEXT)))
    return {"text": label, "value": menu_value(button)}


def select(block: Select, identifier: str, cap: int) -> Json:
    """Render a list to choose one option from."""
    element: Json = {
        "type": "static_select",
        "action_id": identifier,
        "placeholder": escape_plain("Choose"),
        "options": [_option(option, cap) for option in block.options],
    }
    chosen = [option for option in block.options if option.value == block.chosen]
    if chosen:
        element["initial_option"] = _option(chosen[0], cap)
    return element


def _option(option: Option, cap: int) -> Json:
    return {
        "text": escape_plain(one_line(option.label, min(cap, OPTION_TEXT))),
        "value": option.value,
    }


def field(block: Select | Input, cap: int) -> Json:
    """Render an input block of a modal. Its block id is the field's name, for the errors."""
    element = select(block, block.name, cap) if isinstance(block, Select) else _entry(block)
    made: Json = {
        "type": "input",
        "block_id": block.name,
        "label": escape_plain(one_line(block.label, min(cap, HINT_TEXT))),
        "element": element,
        "optional": not block.required,
    }
    if isinstance(block, Input) and block.is_kept:
        # Slack does not say what was typed when a window is closed, only while it is typed.
        made["dispatch_action"] = True
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    if block.hint:
        made["hint"] = escape_plain(cut(block.hint, min(cap, HINT_TEXT)))
    return made


def _entry(block: Input) -> Json:
    if block.kind is InputKind.DATE:
        return _date(block)
    element: Json = {
        "type": "plain_text_input",
        "action_id": block.name,
        "multiline": block.kind is InputKind.PARAGRAPH,
        "max_length": block.max_length,
    }
    if block.value:
        element["initial_value"] = seen(block.value)
    return element


def _date(block: Input) -> Json:
    element: Json = {"type": "datepicker", "action_id": block.name}
    if block.value:
        element["initial_date"] = dt.date.fromisoformat(block.value).isoformat()
    return element
