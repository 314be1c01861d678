"""Write a card's actions and ids into Teams' fields, and read them back.

A button's ``data`` holds the action (the SDK routes by ``data["action"]``, not by ``verb``) and the
ids. Teams adds the inputs to the same object, so their ids have their own prefix.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.kit.click import Click
from bot.cards.kit.model import Button, Dialog, Select

FIELD = "field."
CHOICE = "choice"


def button_data(button: Button) -> dict[str, Any]:
    """Write the ``data`` of a button; one that opens a dialog is routed by its ``dialog_id``."""
    data: dict[str, Any] = {"action": button.action, "ids": dict(button.ids)}
    if button.opens_dialog:
        data |= {"dialog_id": button.action, "msteams": {"type": "task/fetch"}}
    return data


def choice_data(block: Select, input_id: str) -> dict[str, Any]:
    """Write the ``data`` of the button beside a select, naming the input with the choice."""
    return {"action": block.name, "ids": dict(block.ids), CHOICE: input_id}


def dialog_data(dialog: Dialog) -> dict[str, Any]:
    """Write the ``data`` of a dialog's submit button."""
    return {"action": dialog.action, "ids": dict(dialog.ids)}


def clicked(data: Mapping[str, Any]) -> Click:
    """Read the ``data`` of an Action.Execute, or of the Action.Submit that opens a dialog."""
    name = str(data["action"])
    if CHOICE not in data:
        return Click(name, _ids(data))
    return Click(name, _ids(data), {name: str(data.get(str(data[CHOICE])) or "")})


def submitted(data: Mapping[str, Any]) -> Click:
    """Read the ``data`` of a dialog's submission. Teams leaves out inputs that are empty."""
    values = {
        key.removeprefix(FIELD): str(value or "")
        for key, value in data.items()
        if key.startswith(FIELD)
    }
    return Click(str(data["action"]), _ids(data), values)


def _ids(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.get("ids", {}).items()}
