"""A checker for Slack's Block Kit, after docs.slack.dev/reference/block-kit.

``message_problems`` and ``view_problems`` return one sentence for each thing that Slack would
refuse; an empty list means that Slack accepts the payload. The checker knows only what this product
uses, so an element that could mention, link or load something is a problem too.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Problems = Iterator[str]

MESSAGE_SIZE = 13_200
_PLAIN_KEYS = {"type", "text", "emoji"}
_RICH_PARTS = {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}


def message_problems(body: Json) -> list[str]:
    """Return the reasons for which Slack would refuse a body of ``chat.postMessage``."""
    must = {"text", "unfurl_links", "unfurl_media"}
    found = list(_keys(body, must, {"blocks"}, "message"))
    if not 1 <= len(body["text"]) <= 4000:
        found.append("message: its text has 1 to 4,000 characters")
    if "blocks" not in body:
        # Slack does not escape this text, so anything in angle brackets is a link or a mention.
        if re.sub(r"^<@[UW][A-Z0-9]+>: ", "", body["text"]).count("<"):
            found.append("message: a text alone begins with one mention at most, and has no links")
        return found
    if len(json.dumps(body["blocks"], separators=(",", ":"), ensure_ascii=False)) > MESSAGE_SIZE:
        found.append("message: msg_blocks_too_long")
    found += _blocks(body["blocks"], 50, _MESSAGE_BLOCKS)
    return found


def view_problems(view: Json) -> list[str]:
    """Return the reasons for which Slack would refuse a modal in ``views.open``."""
    must = {"type", "callback_id", "private_metadata", "title", "close", "blocks"}
    found = list(_keys(view, must, {"submit"}, "view"))
    for name in {"title", "submit", "close"} & view.keys():
        found += _plain(view[name], 24, f"view.{name}")
    if len(view["callback_id"]) > 255 or len(view["private_metadata"]) > 3000:
        found.append("view: callback_id has 255 characters, private_metadata 3,000 at most")
    found += _blocks(view["blocks"], 100, _MODAL_BLOCKS)
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        found.append("view: inputs need a submit button")
    return found


def shown_problems(view: Json) -> list[str]:
    """Return the reasons for which Slack would refuse a card as a window or as the Home page."""
    is_home = view["type"] == "home"
    must = {"type", "blocks"} | (set() if is_home else {"callback_id", "title", "close"})
    found = list(_keys(view, must, set(), "view"))
    return found + list(_blocks(view["blocks"], 100, _WITH_ACTIONS))


def _blocks(
    blocks: list[Json], most: int, known: Mapping[str, Callable[[Json], Problems]]
) -> Problems:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks, {most} at most"
    for block in blocks:
        if block["type"] not in known:
            yield f"no block {block['type']!r} here"
            continue
        yield from known[block["type"]](block)
    yield from _unique([b["block_id"] for b in blocks if "block_id" in b], "block_id")
    yield from _unique(list(_values(blocks, "action_id")), "action_id")


def _unique(names: list[str], what: str) -> Problems:
    if len(set(names)) < len(names):
        yield f"{what}s are not unique"
    if any(not 1 <= len(name) <= 255 for name in names):
        yield f"a {what} has 1 to 255 characters"


def _values(thing: object, key: str) -> Iterator[str]:
    if isinstance(thing, dict):
        if key in thing:
            yield thing[key]
        for value in thing.values():
            yield from _values(value, key)
    elif isinstance(thing, list):
        for value in thing:
            yield from _values(value, key)


def _keys(thing: Json, must: set[str], may: set[str], where: str) -> Problems:
    if missing := must - thing.keys():
        yield f"{where}: {sorted(missing)} missing"
    if unknown := thing.keys() - must - may:
        yield f"{where}: {sorted(unknown)} unknown"


def _plain(text: Json, most: int, where: str) -> Problems:
    if text.keys() != _PLAIN_KEYS or text["type"] != "plain_text":
        yield f"{where}: not plain text"
    elif not 1 <= len(text["text"]) <= most or not text["text"].strip():
        yield f"{where}: {len(text['text'])} characters, 1 to {most} allowed"


def _header(block: Json) -> Problems:
    yield from _keys(block, {"type", "text"}, set(), "header")
    yield from _plain(block["text"], 150, "header")


def _context(block: Json) -> Problems:
    yield from _keys(block, {"type", "elements"}, set(), "context")
    if not 1 <= len(block["elements"]) <= 10:
        yield "context: 1 to 10 elements"
    for element in block["elements"]:
        yield from _plain(element, 3000, "context")


def _section(block: Json) -> Problems:
    yield from _keys(block, {"type"}, {"text", "fields", "accessory", "block_id"}, "section")
    if not block.keys() & {"text", "fields"}:
        yield "section: text or fields"
    if block.get("text", {}).get("type") == "mrkdwn":
        yield from _row(block["text"])
    elif "text" in block:
        yield from _plain(block["text"], 3000, "section.text")
    if "fields" in block and not 1 <= len(block["fields"]) <= 10:
        yield "section: 1 to 10 fields"
    for field in block.get("fields", []):
        yield from _field(field)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _row(text: Json) -> Problems:
    """Check a section's text, the only place for a link: a card's address, its words and state."""
    row = re.fullmatch(
        r"\S+ <https?://[^|<>\s]+\|([^\n]+)> · \*([^\n]+)\*\n(.*)", text["text"], re.DOTALL
    )
    if text.keys() != {"type", "text", "verbatim"} or not text["verbatim"] or row is None:
        yield "section.text: neither plain text nor a row with its link"
        return
    for part in row.groups():
        yield from _harmless(part, "section.text")


def _field(field: Json) -> Problems:
    if field["type"] == "plain_text":
        yield from _plain(field, 2000, "section.field")
        return
    inner = field["text"][1:-1]
    if field.keys() != {"type", "text"} or field["text"] != f"*{inner}*" or len(inner) > 1998:
        yield "section.field: mrkdwn is for bold labels"
    yield from _harmless(inner, "section.field")


def _harmless(text: str, where: str) -> Problems:
    if set(text) & set("<>*_~`"):
        yield f"{where}: {text!r} could mention, link or format"


def _divider(block: Json) -> Problems:
    yield from _keys(block, {"type"}, set(), "divider")


def _image(block: Json) -> Problems:
    """Check a picture: only of a file of the app, by its id, never at an address."""
    yield from _keys(block, {"type", "slack_file", "alt_text"}, {"title"}, "image")
    if block["slack_file"].keys() != {"id"}:
        yield "image: a file is named by its id alone"
    elif not re.fullmatch(r"F[A-Z0-9]{8,}", block["slack_file"]["id"]):
        yield "image: input must match regex pattern: ^[F][A-Z0-9]{8,}$"
    if not 1 <= len(block["alt_text"]) <= 2000:
        yield "image: an alt_text of 1 to 2,000 characters"


def _rich_text(block: Json) -> Problems:
    yield from _keys(block, {"type", "elements"}, set(), "rich_text")
    for part in block["elements"]:
        if part["type"] == "rich_text_list" and part.keys() == {"type", "style", "elements"}:
            yield from _runs(part["elements"])
        else:
            yield from _runs([part])


def _runs(parts: list[Json]) -> Problems:
    for part in parts:
        if part["type"] not in _RICH_PARTS:
            yield f"rich_text: {part['type']}"
        for run in part["elements"]:
            # Users and channels are runs of other types; a text run is literal.
            if run["type"] == "link" and run.keys() == {"type", "url", "text"}:
                continue
            if run["type"] != "text" or run.keys() - {"type", "text", "style"} or not run["text"]:
                yield f"rich_text: {run}"


def _actions(block: Json) -> Problems:
    yield from _keys(block, {"type", "elements"}, {"block_id"}, "actions")
    if not 1 <= len(block["elements"]) <= 25:
        yield "actions: 1 to 25 elements"
    for element in block["elements"]:
        yield from _element(element)


def _input(block: Json) -> Problems:
    must = {"type", "block_id", "label", "element", "optional"}
    yield from _keys(block, must, {"hint", "dispatch_action"}, "input")
    if block.get("dispatch_action", True) is not True:
        yield "input: dispatch_action is left out, or true"
    yield from _plain(block["label"], 2000, "input.label")
    if "hint" in block:
        yield from _plain(block["hint"], 2000, "input.hint")
    yield from _element(block["element"])


def _element(element: Json) -> Problems:
    check = _ELEMENTS.get(element["type"])
    if check is None:
        yield f"no element {element['type']!r} here"
        return
    yield from check(element)


def _button(element: Json) -> Problems:
    must = {"type", "action_id", "text", "value"}
    yield from _keys(element, must, {"style", "confirm"}, "button")
    yield from _plain(element["text"], 75, "button")
    if len(element["value"]) > 2000 or element.get("style", "primary") not in {"primary", "danger"}:
        yield "button: value of 2,000 characters, style primary or danger"
    confirm = element.get("confirm", {})
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if confirm:
            yield from _plain(confirm[name], most, f"confirm.{name}")


def _overflow(element: Json) -> Problems:
    yield from _keys(element, {"type", "action_id", "options"}, set(), "overflow")
    yield from _options(element["options"], 5)


def _static_select(element: Json) -> Problems:
    must = {"type", "action_id", "placeholder"}
    may = {"initial_option", "options", "option_groups"}
    yield from _keys(element, must, may, "static_select")
    yield from _plain(element["placeholder"], 150, "placeholder")
    if ("options" in element) == ("option_groups" in element):
        yield "static_select: either options or option groups"
    for group in element.get("option_groups", []):
        yield from _keys(group, {"label", "options"}, set(), "option group")
        yield from _plain(group["label"], 75, "option group")
        yield from _options(group["options"], 100)
    if "options" in element:
        yield from _options(element["options"], 100)
    if "initial_option" in element and element["initial_option"] not in element["options"]:
        yield "static_select: initial_option is none of its options"


def _options(options: list[Json], most: int) -> Problems:
    if not 1 <= len(options) <= most:
        yield f"1 to {most} options"
    for option in options:
        yield from _keys(option, {"text", "value"}, set(), "option")
        yield from _plain(option["text"], 75, "option")
        if not 1 <= len(option["value"]) <= 150:
            yield "option: a value of 1 to 150 characters"


def _plain_text_input(element: Json) -> Problems:
    must = {"type", "action_id", "multiline", "max_length"}
    may = {"initial_value", "dispatch_action_config"}
    yield from _keys(element, must, may, "plain_text_input")
    when = element.get("dispatch_action_config", {}).get("trigger_actions_on", [])
    if set(when) - {"on_enter_pressed", "on_character_entered"}:
        yield "plain_text_input: no such action to dispatch"
    if not 1 <= element["max_length"] <= 3000:
        yield "plain_text_input: max_length of 1 to 3,000"
    if len(element.get("initial_value", "")) > element["max_length"]:
        yield "plain_text_input: initial_value longer than max_length"


def _datepicker(element: Json) -> Problems:
    yield from _keys(element, {"type", "action_id"}, {"initial_date"}, "datepicker")
    if "initial_date" in element:
        dt.date.fromisoformat(element["initial_date"])


_SHOWN = {
    "header": _header,
    "context": _context,
    "section": _section,
    "divider": _divider,
    "rich_text": _rich_text,
}
_WITH_ACTIONS = {**_SHOWN, "actions": _actions}
_MESSAGE_BLOCKS = {**_WITH_ACTIONS, "image": _image}
_MODAL_BLOCKS = {**_WITH_ACTIONS, "input": _input}
_ELEMENTS = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _static_select,
    "plain_text_input": _plain_text_input,
    "datepicker": _datepicker,
}
