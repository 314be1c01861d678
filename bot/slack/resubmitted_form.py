"""Show a submitted form again, filled in, with its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.markup import Json, escape_plain

_KEPT = ("type", "callback_id", "private_metadata", "title", "submit", "close")
_INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "static_select": ("selected_option", "initial_option"),
}
"""Maps an element's answer to the property that fills it in again."""


def refilled(view: Mapping[str, Any], wrong: Mapping[str, str]) -> Json:
    """Build the ``view`` of a ``view_submission``, filled in as it was, below the errors."""
    answers = {
        name: answer for block in view["state"]["values"].values() for name, answer in block.items()
    }
    said = [{"type": "section", "text": escape_plain(sentence)} for sentence in wrong.values()]
    blocks = [_filled(block, answers) for block in view["blocks"]]
    kept = {name: view[name] for name in _KEPT if view.get(name)}
    return {**kept, "blocks": [*said, *blocks]}


def _filled(block: Json, answers: Mapping[str, Any]) -> Json:
    if block["type"] != "input":
        return block
    element = dict(block["element"])
    source, target = _INITIAL[element["type"]]
    answer = answers.get(element["action_id"], {}).get(source)
    element.pop(target, None)
    if answer:
        element[target] = answer
    return {**block, "element": element}
