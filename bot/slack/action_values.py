"""Write a card's actions and ids into Slack's fields, and read them back.

An action id must be unique within a message, so it is the action's name, ``#`` and a number. The
ids stand in a button's value, in a menu entry's value together with the action, in the block id
of a select, and in a modal's private metadata. They hold nothing else: these fields come back
from the client and are stored by Slack, so they identify things and prove nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.kit.click import Click
from bot.cards.kit.ids import pack, unpack
from bot.cards.kit.model import Button

MENU = "_more"
"""The action of an overflow menu; the chosen entry's value holds the command."""


def action_id(action: str, number: str) -> str:
    """Make an action id that is unique within a card, if ``number`` is."""
    return f"{action}#{number}"


def menu_value(button: Button) -> str:
    """Write a menu entry's action and ids; at most 150 characters, as the model ensures."""
    return f"{button.action}#{pack(button.ids)}"


def block_id(number: str, ids: Mapping[str, str]) -> str:
    """Write the block id of a select in a card."""
    return f"{number}#{pack(ids)}"


def clicked(action: Mapping[str, Any]) -> Click:
    """Read one entry of ``actions`` in a ``block_actions`` payload."""
    name = action["action_id"].partition("#")[0]
    if action["type"] == "button":
        return Click(name, unpack(action["value"]))
    chosen = action["selected_option"]["value"]
    if name == MENU:
        entry, _, packed = chosen.partition("#")
        return Click(entry, unpack(packed))
    return Click(name, unpack(action["block_id"].partition("#")[2]), {name: chosen})


def submitted(view: Mapping[str, Any]) -> Click:
    """Read the ``view`` of a ``view_submission`` payload. Unanswered fields are empty strings."""
    values = {
        name: _answer(element)
        for block in view["state"]["values"].values()
        for name, element in block.items()
    }
    return Click(view["callback_id"], unpack(view["private_metadata"]), values)


def places_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the block of each field of a ``view_submission``, beside which its error appears."""
    found = view["state"]["values"].items()
    return {name: block for block, fields in found for name in fields}


def _answer(element: Mapping[str, Any]) -> str:
    if element["type"] == "static_select":
        return str((element.get("selected_option") or {}).get("value", ""))
    key = "selected_date" if element["type"] == "datepicker" else "value"
    return str(element.get(key) or "")
