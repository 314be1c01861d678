"""Render a case's title, status, reasons, chart, links, rows and folds as Adaptive Cards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit.model import CasePart, Chart, Fold, Link, Reasons, Row, StatusLine, Title
from bot.cards.kit.plain_text import cut, one_line
from bot.teams.chart_image import data_address
from bot.teams.elements import actions_of
from bot.teams.markup import Json, escaped, label, literal, paragraph

HEADING = 200
STATUS = 300
OPEN, SHUT = "▴", "▾"


def of_case(block: CasePart, cap: int) -> list[Json]:
    """Render a part that describes a case: title, status line, reasons, link or row."""
    match block:
        case Title():
            return [title(block)]
        case StatusLine():
            return [status(block, cap)]
        case Reasons():
            return reasons(block, cap)
        case Link():
            return [link(block, cap)]


def title(block: Title) -> Json:
    """Render the icon, the reference and the state as a heading."""
    words = f"{block.icon} {one_line(block.text, HEADING)}"
    return label(words, style="heading", size="medium", weight="bolder")


def status(block: StatusLine, cap: int) -> Json:
    """Render who acts next in bold, and then what they do."""
    who = one_line(block.who, STATUS) if block.who else ""
    return _runs(who, one_line(block.rest, min(cap, STATUS)) if block.rest else "")


def reasons(block: Reasons, cap: int) -> list[Json]:
    """Render each reason as a line of a list, led by its marker in bold."""
    return [
        {
            "type": "RichTextBlock",
            "inlines": [
                {"type": "TextRun", "text": "• "},
                {
                    "type": "TextRun",
                    "text": literal(f"{one_line(marker, 60)}: "),
                    "weight": "bolder",
                },
                {"type": "TextRun", "text": literal(cut(reason, cap))},
            ],
            "spacing": "small",
        }
        for marker, reason in block.items
    ]


def link(block: Link, cap: int) -> Json:
    """Render a link, or its words where there is no address."""
    words = one_line(block.text, min(cap, STATUS))
    return _text(f"[{escaped(words)}]({block.address})") if block.address else label(words)


def row(block: Row, cap: int) -> Json:
    """Render a case with its one button beside it."""
    state = escaped(one_line(block.state, 100))
    name = escaped(block.reference)
    first = f"[{name}]({block.address})" if block.address else name
    why = label(one_line(block.line, min(cap, STATUS)), size="small", isSubtle=True)
    words = [_text(f"{block.icon} {first} · {state}"), {**why, "spacing": "none"}]
    columns: list[Json] = [{"type": "Column", "width": "stretch", "items": words}]
    if block.button:
        act = {"type": "ActionSet", "actions": actions_of((block.button,), cap)}
        columns.append({"type": "Column", "width": "auto", "items": [act]})
    return {"type": "ColumnSet", "columns": columns}


def fold(block: Fold, parts: Sequence[Json], number: int) -> list[Json]:
    """Render a bar that shows and hides the parts, with an arrow that says which it will do."""
    body, open_, shut = (f"fold-{number}{end}" for end in ("", "-open", "-shut"))
    toggle = {
        "type": "Action.ToggleVisibility",
        "title": f"{block.title}, show or hide",
        "targetElements": [body, open_, shut],
    }
    words = [
        label(one_line(block.title, 60), weight="bolder"),
        {**label(one_line(block.hint, 100), size="small", isSubtle=True), "spacing": "none"},
    ]
    arrows = [
        {**label(SHUT), "id": shut, "isVisible": True},
        {**label(OPEN), "id": open_, "isVisible": False},
    ]
    columns = [
        {"type": "Column", "width": "stretch", "items": words},
        {"type": "Column", "width": "auto", "verticalContentAlignment": "center", "items": arrows},
    ]
    bar = {
        "type": "Container",
        "style": "emphasis",
        "selectAction": toggle,
        "items": [{"type": "ColumnSet", "columns": columns}],
    }
    return [bar, {"type": "Container", "id": body, "isVisible": False, "items": list(parts)}]


def chart(block: Chart, cap: int) -> list[Json]:
    """Render the picture, labels and a legend below it, and its summary in words."""
    summary = cut(block.summary, cap)
    picture = {
        "type": "Image",
        "url": data_address(block),
        "altText": summary or one_line(block.title, HEADING) or "Chart",
        "size": "stretch",
        "spacing": "small",
    }
    first, last = block.points[0][0], block.points[-1][0]
    ends = [
        _end(first, "left"),
        *([_end("— class median", "center")] if block.median else []),
        *([_end(last, "right")] if len(block.points) > 1 else []),
    ]
    return [
        label(one_line(block.title, min(cap, HEADING)), weight="bolder"),
        picture,
        {"type": "ColumnSet", "spacing": "none", "columns": ends},
        {**paragraph(summary, isSubtle=True, size="small"), "spacing": "small"},
    ]


def _end(name: str, side: str) -> Json:
    text = label(one_line(name, 16), size="small", isSubtle=True, horizontalAlignment=side)
    return {"type": "Column", "width": "stretch", "spacing": "none", "items": [text]}


def _text(markdown: str) -> Json:
    return {"type": "TextBlock", "text": markdown, "wrap": True}


def _runs(strong: str, rest: str) -> Json:
    runs: list[Json] = []
    if strong:
        runs.append({"type": "TextRun", "text": literal(strong), "weight": "bolder"})
    if rest:
        runs.append({"type": "TextRun", "text": literal((" " if runs else "") + rest)})
    return {"type": "RichTextBlock", "inlines": runs}
