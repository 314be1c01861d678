"""A checker for the parts of Adaptive Cards 1.5 that this product sends to Teams.

``message_problems`` and ``task_problems`` return one sentence for each problem; an empty list means
that Teams accepts the payload. Source: adaptivecards.io/explorer. Elements that load or mention
something are not in the tables, so they count as problems. A picture is embedded in its card.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Problems = Iterator[str]

MESSAGE_BYTES = 28 * 1024
MOST_SHOWN = 5
PICTURE = "data:image/png;base64,"
CARD_TYPE = "application/vnd.microsoft.card.adaptive"

_PLACED = {"type", "spacing", "separator"}
_TEXT_STYLE = {"size", "weight", "color", "isSubtle"}
_INPUT = _PLACED | {"id", "label", "value", "isRequired", "errorMessage"}
_ELEMENTS: dict[str, set[str]] = {
    "TextBlock": _PLACED
    | _TEXT_STYLE
    | {"text", "wrap", "style", "horizontalAlignment", "id", "isVisible"},
    "RichTextBlock": _PLACED | {"inlines"},
    "FactSet": _PLACED | {"facts"},
    "Image": _PLACED | {"url", "altText", "size"},
    "Container": _PLACED | {"style", "items", "id", "isVisible", "selectAction"},
    "ColumnSet": _PLACED | {"columns"},
    "Column": _PLACED | {"width", "items", "verticalContentAlignment"},
    "ActionSet": _PLACED | {"actions"},
    "Input.Text": _INPUT | {"isMultiline", "maxLength", "height"},
    "Input.Date": _INPUT,
    "Input.ChoiceSet": _INPUT | {"style", "placeholder", "choices"},
}
_ACTION = {"type", "title", "style", "mode"}
_ACTIONS: dict[str, set[str]] = {
    "Action.Execute": _ACTION | {"verb", "data", "associatedInputs"},
    "Action.Submit": _ACTION | {"data", "associatedInputs"},
    "Action.ShowCard": _ACTION | {"card"},
}
_ALLOWED = {
    "spacing": {"none", "small", "default", "medium"},
    "size": {"small", "default", "medium", "large", "extraLarge", "stretch"},
    "weight": {"lighter", "default", "bolder"},
    "color": {"default", "accent", "attention"},
    "horizontalAlignment": {"left", "center", "right"},
    "verticalContentAlignment": {"top", "center", "bottom"},
    "mode": {"primary", "secondary"},
    "height": {"auto", "stretch"},
    "associatedInputs": {"auto", "none"},
}
_STYLES = {
    "TextBlock": {"default", "heading"},
    "Container": {"default", "emphasis", "accent"},
    "Input.ChoiceSet": {"compact", "filtered"},
}
_ACTION_STYLES = {"default", "positive", "destructive"}
# Unescaped Markdown, and the date functions of Adaptive Cards.
_MARKUP = re.compile(r"(?<!\\)(?:\\\\)*[*`~\[\]<>]|^(?:[-+#]|\d+[.)])\s|://|\{\{")

_OUR_LINK = re.compile(r"\A\[([^\[\]]+)\]\(https://lantern\.example\.ac\.uk/[\w/.-]+\)\Z", re.ASCII)
"""A text that consists only of a link to Lantern's own pages, such as a document's."""


def message_problems(activity: Json) -> list[str]:
    """Return the reasons for which Teams would refuse a message activity."""
    if activity.keys() != {"type", "summary", "attachments"} or activity["type"] != "message":
        return [f"message: {sorted(activity)}"]
    found = [f"message: {len(_written(activity))} bytes"] * (
        len(_written(activity)) > MESSAGE_BYTES
    )
    for attachment in activity["attachments"]:
        found += _attachment(attachment)
    return found


def task_problems(answer: Json) -> list[str]:
    """Return the reasons for which Teams would refuse the answer to ``task/fetch``."""
    value = answer["task"]["value"]
    found = list(_attachment(value["card"]))
    if answer.keys() != {"task"} or answer["task"]["type"] != "continue":
        found.append("task: not a continuation")
    if value.keys() != {"title", "width", "height", "card"} or not value["title"].strip():
        found.append("task: title, width, height and card")
    if {value["width"], value["height"]} - {"small", "medium", "large"}:
        found.append("task: a size that Teams does not know")
    if len(_written(answer)) > MESSAGE_BYTES:
        found.append("task: too large")
    return found


def _written(payload: Json) -> bytes:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def _attachment(attachment: Json) -> Problems:
    card = attachment["content"]
    if attachment.keys() != {"contentType", "content"} or attachment["contentType"] != CARD_TYPE:
        yield "attachment: not an Adaptive Card"
    must = {"$schema", "type", "version", "fallbackText", "body", "actions"}
    if (
        card.keys() - {"refresh", "minHeight"} != must
        or card["version"] != "1.5"
        or not card["fallbackText"].strip()
    ):
        yield f"card: {sorted(card)}"
    yield from _body(card)
    if "refresh" in card:
        yield from _refreshing(card["refresh"])
    ids = [item["id"] for item in _inputs(card["body"])]
    named = [each["id"] for each in _all(card["body"]) if "id" in each]
    targets = [
        t for e in _all(card["body"]) for t in e.get("selectAction", {}).get("targetElements", ())
    ]
    if len(set(named)) < len(named) or set(targets) - set(named):
        yield "ids: each once, and what is shown or hidden is there"
    if len(set(ids)) < len(ids):
        yield "inputs have the same id"


def _refreshing(refresh: Json) -> Problems:
    action = refresh["action"]
    if refresh.keys() != {"action"} or action.keys() != {"type", "verb", "data"}:
        yield f"refresh: {sorted(refresh)}"
    if action["type"] != "Action.Execute" or action["verb"] != action["data"]["action"]:
        yield "refresh: not an Action.Execute that the SDK can route"


def _body(card: Json) -> Problems:
    if card["type"] != "AdaptiveCard" or not (card["body"] or card["actions"]):
        yield "card: shows nothing"
    for item in card["body"]:
        yield from _element(item)
    yield from _row(card["actions"])


def _row(actions: list[Json]) -> Problems:
    if len([each for each in actions if each.get("mode") != "secondary"]) > MOST_SHOWN:
        yield f"more than {MOST_SHOWN} actions are shown, so Teams leaves some out"
    for action in actions:
        yield from _action(action)


def _element(item: Json) -> Problems:
    kind = item.get("type", "nothing")
    if kind not in _ELEMENTS:
        yield f"no element {kind!r} here"
        return
    if unknown := item.keys() - _ELEMENTS[kind]:
        yield f"{kind}: {sorted(unknown)} unknown"
    yield from _allowed(item)
    if "style" in item and item["style"] not in _STYLES[kind]:
        yield f"{kind}: style {item['style']!r}"
    if kind == "Image" and not (item["url"].startswith(PICTURE) and item["altText"].strip()):
        yield "Image: loads something, or says nothing to who does not see it"
    yield from _texts(item)
    yield from _answers(item)
    if "selectAction" in item:
        yield from _toggle(item["selectAction"])
    for inner in (*item.get("items", ()), *item.get("columns", ())):
        yield from _element(inner)
    yield from _row(item.get("actions", []))


def _toggle(action: Json) -> Problems:
    keys = {"type", "title", "targetElements"}
    if action["type"] != "Action.ToggleVisibility" or action.keys() != keys:
        yield f"selectAction: {sorted(action)}"
    elif not action["title"].strip() or not all(
        isinstance(n, str) for n in action["targetElements"]
    ):
        yield "Action.ToggleVisibility: a title, and the ids of what it shows and hides"


def _allowed(item: Json) -> Problems:
    for name, values in _ALLOWED.items():
        if name in item and item[name] not in values:
            yield f"{item['type']}: {name} {item[name]!r}"


def _texts(item: Json) -> Problems:
    if item["type"] == "TextBlock":
        yield from _markdown(item["text"])
    for fact in item.get("facts", ()):
        if fact.keys() != {"title", "value"}:
            yield "FactSet: a fact is a title and a value"
        yield from _markdown(fact["title"])
        yield from _markdown(fact["value"])
    for run in item.get("inlines", ()):
        if run["type"] != "TextRun" or run.keys() - _TEXT_STYLE - {"type", "text"}:
            yield f"TextRun: {sorted(run)}"
        if not run["text"] or "{{" in run["text"]:
            yield f"TextRun: {run['text']!r}"


def _markdown(text: str) -> Problems:
    text = _OUR_LINK.sub(r"\1", text, count=1)
    if not text.strip() or "\n" in text or _MARKUP.search(text):
        yield f"{text!r} is empty or could mention, link or format"


def _answers(item: Json) -> Problems:
    if not item["type"].startswith("Input."):
        return
    if not item["id"] or not item["label"].strip() or "{{" in item["label"]:
        yield f"{item['type']}: an id and a label"
    if item.get("isRequired") and not item.get("errorMessage"):
        yield f"{item['type']}: what is required says so"
    if item["type"] == "Input.ChoiceSet" and not _are_choices(item):
        yield "Input.ChoiceSet: choices are titles and values"
    if item["type"] == "Input.Date" and item.get("value"):
        dt.date.fromisoformat(item["value"])


def _are_choices(item: Json) -> bool:
    values = {choice["value"] for choice in item["choices"]}
    are_whole = all(c.keys() == {"title", "value"} and c["title"] for c in item["choices"])
    return (
        are_whole and len(values) == len(item["choices"]) and item.get("value", "") in {"", *values}
    )


def _action(action: Json) -> Problems:
    kind = action["type"]
    if kind not in _ACTIONS or action.keys() - _ACTIONS.get(kind, set()):
        yield f"{kind}: {sorted(action)}"
    if not action["title"].strip() or action.get("style", "default") not in _ACTION_STYLES:
        yield f"{kind}: a title, and a style that exists"
    yield from _allowed(action)
    if kind == "Action.Execute" and action["verb"] != action["data"]["action"]:
        yield "Action.Execute: the SDK routes by data.action"
    if kind == "Action.ShowCard":
        yield from _body(action["card"])


def _all(items: list[Json]) -> Iterator[Json]:
    for item in items:
        yield item
        yield from _all([*item.get("items", ()), *item.get("columns", ())])


def _inputs(items: list[Json]) -> Iterator[Json]:
    for item in items:
        if item["type"].startswith("Input."):
            yield item
        yield from _inputs([*item.get("items", ()), *item.get("columns", ())])
