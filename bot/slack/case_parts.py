"""Render a case's title, status, reasons, links and rows for Block Kit.

Only elements that Slack takes in every message are used: header, rich text, section and context.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit.model import CasePart, Fold, Link, Reasons, Row, StatusLine, Title
from bot.cards.kit.plain_text import cut, one_line
from bot.slack.elements import button
from bot.slack.markup import Json, escape_plain, neutral

HEADER_TEXT = 150
STATUS_TEXT = 300


def of_case(block: CasePart, cap: int) -> Json:
    """Render a part that describes a case: title, status line, reasons, link or row."""
    match block:
        case Title():
            return title(block)
        case StatusLine():
            return status(block, cap)
        case Reasons():
            return reasons(block, cap)
        case Link():
            return link(block, cap)


def title(block: Title) -> Json:
    """Render the reference and the state as a header; the icon is a character of its own."""
    return {
        "type": "header",
        "text": escape_plain(f"{block.icon} {one_line(block.text, HEADER_TEXT - 4)}"),
    }


def status(block: StatusLine, cap: int) -> Json:
    """Render who acts next in bold, and then what they do."""
    runs = [_run(one_line(block.who, min(cap, STATUS_TEXT)), is_bold=True)] if block.who else []
    if block.rest:
        runs.append(_run((" " if runs else "") + one_line(block.rest, min(cap, STATUS_TEXT))))
    return _rich([{"type": "rich_text_section", "elements": runs}])


def reasons(block: Reasons, cap: int) -> Json:
    """Render the reasons as a list, each led by its marker in bold."""
    items = [
        {
            "type": "rich_text_section",
            "elements": [_run(f"{one_line(marker, 60)}: ", is_bold=True), _run(cut(reason, cap))],
        }
        for marker, reason in block.items
    ]
    return _rich([{"type": "rich_text_list", "style": "bullet", "elements": items}])


def link(block: Link, cap: int) -> Json:
    """Render a link, or its words where there is no address."""
    words = one_line(block.text, min(cap, STATUS_TEXT))
    run = {"type": "link", "url": block.address, "text": words} if block.address else _run(words)
    return _rich([{"type": "rich_text_section", "elements": [run]}])


def row(block: Row, number: int, cap: int) -> Json:
    """Render a case as a section with its one button beside it."""
    name, state = block.reference, one_line(block.state, 100)
    said = cut(block.line, min(cap, 300))
    if block.address:
        words = f"{block.icon} <{block.address}|{neutral(name)}> · *{neutral(state)}*\n"
        text: Json = {"type": "mrkdwn", "text": words + neutral(said), "verbatim": True}
    else:
        text = escape_plain(f"{block.icon} {name} · {state}\n{said}")
    made: Json = {"type": "section", "text": text}
    if block.button:
        made["accessory"] = button(block.button, f"{number}.0", cap)
    return made


def fold_head(block: Fold) -> Json:
    """Render the title of what is folded, and what it holds."""
    runs = [
        _run(one_line(block.title, 60), is_bold=True),
        _run("  "),
        _run(one_line(block.hint, 100)),
    ]
    return _rich([{"type": "rich_text_section", "elements": runs}])


def _run(text: str, *, is_bold: bool = False) -> Json:
    run: Json = {"type": "text", "text": text}
    return run | {"style": {"bold": True}} if is_bold else run


def _rich(parts: Sequence[Json]) -> Json:
    return {"type": "rich_text", "elements": list(parts)}
