"""Readers of rendered payloads: what a person sees on each platform and what is sent back.

The readers know nothing of the neutral model except ``Click``, and undo each platform's escaping on
their own, so that a mistake in a renderer cannot hide itself.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.cards.kit.click import Click
from bot.slack import action_values as slack
from bot.teams import action_values as teams

Json = dict[str, Any]
Target = tuple[str, str, str]
"""A hashable form of a click, for use in a set: action, ids and values as JSON."""


@dataclass(frozen=True)
class Field:
    """A field of a dialog. ``longest`` is None where nothing is typed."""

    name: str
    required: bool
    longest: int | None
    value: str
    options: tuple[str, ...] = ()


@dataclass
class Shown:
    """Texts without line breaks and double spaces, facts in order, what clicks send, fields."""

    texts: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    targets: set[Target] = field(default_factory=set)
    fields: list[Field] = field(default_factory=list)

    def say(self, *texts: str) -> None:
        """Add texts as a reader sees them."""
        self.texts += [flat(text) for text in texts]


def flat(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


def target(click: Click) -> Target:
    """Return a click in a form that can be compared."""
    return (click.action, json.dumps(dict(click.ids)), json.dumps(click.values))


# --- Slack

_SLACK_LOOKALIKES = str.maketrans("\u2217\u02cd\u223c\u02cb\ua789", "*_~`:")


_ICON = re.compile(r"^(?:🔵|💬|📝|📧|📨|🌱|🤝|⏸️|✅|⛔) ")


def _lines(texts: Iterator[str]) -> Iterator[str]:
    """Yield texts as they are read: without the icon of a state, and also line by line."""
    for text in texts:
        bare = _ICON.sub("", text)
        yield bare
        if bare != text and "\n" in bare:
            yield from bare.split("\n")


def in_slack(payload: Json) -> Shown:
    """Read a message body or a view."""
    shown = Shown()
    shown.say(*(payload[key]["text"] for key in ("title", "submit") if key in payload))
    if isinstance(payload.get("text"), str):
        shown.say(_from_mrkdwn(payload["text"]))
    for block in payload["blocks"]:
        _read_slack_block(block, shown)
    return shown


def _from_mrkdwn(text: str) -> str:
    return html.unescape(text).translate(_SLACK_LOOKALIKES)


def _read_slack_block(block: Json, shown: Shown) -> None:
    shown.say(*_lines(_slack_texts(block)))
    fields = block.get("fields", [])
    for label, value in zip(fields[::2], fields[1::2], strict=True):
        shown.facts.append((flat(_from_mrkdwn(label["text"][1:-1])), flat(value["text"])))
    if block["type"] == "input":
        shown.fields.append(_slack_field(block))
        return
    for element in [*block.get("elements", []), block.get("accessory", {})]:
        if "action_id" in element:
            shown.targets |= {target(click) for click in _slack_clicks(block, element)}


def _slack_texts(thing: object) -> Iterator[str]:
    if isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            yield thing["text"]
        for value in thing.values():
            yield from _slack_texts(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _slack_texts(value)


def _slack_clicks(block: Json, element: Json) -> Iterator[Click]:
    came = {**element, "block_id": block.get("block_id", "made by Slack")}
    if element["type"] == "button":
        yield slack.clicked(came)
    for option in menu_options(element):
        yield slack.clicked({**came, "selected_option": option})


def menu_options(element: Json) -> list[Json]:
    """Return the entries of a menu, with or without headings."""
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return [*element.get("options", []), *grouped]


def _slack_field(block: Json) -> Field:
    element = block["element"]
    chosen = element.get("initial_option", {}).get("value", "")
    value = flat(element.get("initial_value") or element.get("initial_date") or chosen)
    options = tuple(option["value"] for option in element.get("options", []))
    required = not block["optional"]
    return Field(
        block["block_id"].partition("#")[0], required, element.get("max_length"), value, options
    )


# --- Teams


def in_teams(payload: Json) -> Shown:
    """Read a message activity or the answer to ``task/fetch``. A mention replaces a slash."""
    shown = _read_teams(payload)
    shown.texts[:] = [text.replace("@Lantern", "/lantern") for text in shown.texts]
    shown.facts[:] = [(name.replace("@Lantern", "/lantern"), value) for name, value in shown.facts]
    return shown


def _read_teams(payload: Json) -> Shown:
    shown = Shown()
    if "task" in payload:
        value = payload["task"]["value"]
        shown.say(value["title"])
        _read_teams_card(value["card"]["content"], shown, in_dialog=True)
    else:
        shown.say(payload["summary"])
        _read_teams_card(payload["attachments"][0]["content"], shown, in_dialog=False)
    return shown


def _read_teams_card(card: Json, shown: Shown, *, in_dialog: bool) -> None:
    items = list(_walk_teams(card))
    inputs = {item["id"]: item for item in items if item["type"].startswith("Input.")}
    for item in items:
        _read_teams_item(item, shown)
        if "data" in item and (not in_dialog or "dialog_id" in item["data"]):
            shown.targets |= {target(click) for click in _teams_clicks(item["data"], inputs)}
    if in_dialog:
        shown.fields += [_teams_field(item) for item in inputs.values()]


def _walk_teams(thing: object) -> Iterator[Json]:
    """Yield each element and action in order, without buttons' data and Teams's confirmations."""
    if isinstance(thing, dict):
        if "type" in thing:
            yield thing
        for key, value in thing.items():
            if key not in ("data", "refresh"):
                yield from _walk_teams(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _walk_teams(value)


def _read_teams_item(item: Json, shown: Shown) -> None:
    if item["type"] == "TextBlock":
        shown.say(_ICON.sub("", _from_markdown(item["text"])))
    elif item["type"] == "TextRun":
        shown.say(item["text"].replace("\u2060", ""))
    shown.say(*(item[key].replace("\u2060", "") for key in ("title", "label") if key in item))
    shown.say(*(choice["title"].replace("\u2060", "") for choice in item.get("choices", ())))
    for fact in item.get("facts", ()):
        pair = (_from_markdown(fact["title"]), _from_markdown(fact["value"]))
        shown.facts.append((flat(pair[0]), flat(pair[1])))


def _from_markdown(text: str) -> str:
    words = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(https?://[^)]*\)", r"\1", text)
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words.replace("\u2060", "")))


def _teams_clicks(data: Json, inputs: dict[str, Json]) -> Iterator[Click]:
    if "choice" not in data:
        yield teams.clicked(data)
        return
    for choice in inputs[data["choice"]]["choices"]:
        yield teams.clicked({**data, data["choice"]: choice["value"]})


def _teams_field(item: Json) -> Field:
    name = item["id"].removeprefix("field.")
    options = tuple(choice["value"] for choice in item.get("choices", ()))
    required = item.get("isRequired", False)
    value = flat(item.get("value", ""))
    return Field(name, required, item.get("maxLength"), value, options)
