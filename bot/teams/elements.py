"""Render actions and inputs as Adaptive Cards, schema 1.5 (adaptivecards.io/explorer)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.cards.kit.model import Actions, Button, ButtonStyle, Input, InputKind, Select
from bot.cards.kit.plain_text import cut, one_line, seen
from bot.teams.action_values import FIELD, button_data, choice_data
from bot.teams.markup import Json, literal, paragraph

TITLE = 75
LABEL = 200
NOTE = 500
ROW, _EDGES = 33, 6
"""What a row of buttons shows whole beside the three dots on a phone of 320 pixels, in characters,
and what the edges of one button take up of it."""
MENU = 7
"""Entries behind the three dots."""
MANY_OPTIONS = 10
"""From this number of options on, a select can be searched by typing."""

_STYLES = {ButtonStyle.PRIMARY: "positive", ButtonStyle.DANGER: "destructive"}


def actions(block: Actions, cap: int) -> list[list[Json]]:
    """Render the buttons in rows that are not cut on a phone, the rest behind three dots.

    A row does not wrap. Where there is a menu, buttons without room go into it, and a menu that is
    too long ends with the button that opens all of them.
    """
    if not block.more:
        return [[_action(each, cap) for each in row] for row in _rows(block.buttons)]
    shown = _with_room(block.buttons)
    menu = [*(each for each in block.buttons if each not in shown), *block.more]
    if len(menu) > MENU and block.all_of_them:
        menu = [*menu[: MENU - 1], block.all_of_them]
    hidden = ({**_action(each, cap), "mode": "secondary"} for each in menu)
    return [[*(_action(each, cap) for each in shown), *hidden]]


def action_set(row: list[Json]) -> Json:
    """Render one row of buttons within the body of a card."""
    return {"type": "ActionSet", "actions": row}


def action_list(block: Actions, cap: int) -> Iterator[Json]:
    """Render every button in sight, those of *More* under their headings, for a dialog."""
    for row in _rows(block.buttons):
        yield action_set([_action(each, cap) for each in row])
    for group, buttons in groupby(block.more, key=lambda each: each.group):
        if group:
            yield {**paragraph(group, isSubtle=True, size="small"), "spacing": "medium"}
        for row in _rows(list(buttons)):
            yield {**action_set([_action(each, cap) for each in row]), "spacing": "small"}


def _with_room(buttons: Sequence[Button]) -> list[Button]:
    """Choose the buttons that one row shows: the primary one and those that ask first, always."""
    room, kept = ROW, set[int]()
    first = [at for at, each in enumerate(buttons) if each.style in _STYLES or each.confirm]
    for at in (*first, *(at for at in range(len(buttons)) if at not in first)):
        if at in first or _width(buttons[at]) <= room:
            kept.add(at)
            room -= _width(buttons[at])
    return [each for at, each in enumerate(buttons) if at in kept]


def _width(button: Button) -> int:
    return len(button.label) + _EDGES


def _rows(buttons: Sequence[Button]) -> Iterator[list[Button]]:
    """Break the buttons into rows, each as long as a phone shows it whole."""
    row: list[Button] = []
    for each in buttons:
        if row and sum(map(_width, (*row, each))) > ROW:
            yield row
            row = []
        row.append(each)
    yield row


def actions_of(buttons: Sequence[Button], cap: int) -> list[Json]:
    """Render buttons that stand alone, such as that of a row."""
    return [_action(button, cap) for button in buttons]


def _action(button: Button, cap: int) -> Json:
    if button.confirm is None:
        return _do(button, cap)
    # Adaptive Cards have no confirmation, so the question opens below, with the button itself.
    question = {
        "type": "AdaptiveCard",
        "body": [paragraph(cut(button.confirm, min(cap, NOTE)))],
        "actions": [_do(button, cap)],
    }
    return {"type": "Action.ShowCard", "title": _title(button, cap), "card": question}


def _do(button: Button, cap: int) -> Json:
    made: Json = {
        "type": "Action.Submit" if button.opens_dialog else "Action.Execute",
        "title": _title(button, cap),
        "data": button_data(button),
        "associatedInputs": "none",
    }
    if not button.opens_dialog:
        made["verb"] = button.action
    if button.style in _STYLES:
        made["style"] = _STYLES[button.style]
    return made


def _title(button: Button, cap: int) -> str:
    return literal(one_line(button.label, min(cap, TITLE)))


def choice(block: Select, number: int, cap: int) -> list[Json]:
    """Render a select in a card, with a button that applies it: Teams does not act on choosing."""
    input_id = f"{block.name}.{number}"
    apply = {
        "type": "Action.Execute",
        "title": "Apply",
        "verb": block.name,
        "data": choice_data(block, input_id),
        "associatedInputs": "auto",
    }
    columns = [
        {"type": "Column", "width": "stretch", "items": [_choices(block, input_id, cap)]},
        {
            "type": "Column",
            "width": "auto",
            "verticalContentAlignment": "bottom",
            "items": [{"type": "ActionSet", "actions": [apply]}],
        },
    ]
    return [{"type": "ColumnSet", "columns": columns}, *_notes(block.hint, None, cap)]


def field(block: Select | Input, wrong: str | None, typed: str | None, cap: int) -> list[Json]:
    """Render an input with its error and its hint; ``typed`` is filled in again."""
    input_id = FIELD + block.name
    if isinstance(block, Select):
        made = _choices(block, input_id, cap)
    else:
        made = _entry(block, input_id, cap)
    if typed is not None:
        made["value"] = seen(typed)
    return [made, *_notes(block.hint, wrong, cap)]


def _notes(hint: str, wrong: str | None, cap: int) -> Iterator[Json]:
    if wrong:
        said = paragraph(cut(wrong, min(cap, NOTE)), color="attention", weight="bolder")
        yield {**said, "spacing": "small"}
    if hint:
        said = paragraph(cut(hint, min(cap, NOTE)), isSubtle=True, size="small")
        yield {**said, "spacing": "small"}


def _choices(block: Select, input_id: str, cap: int) -> Json:
    made: Json = {
        "type": "Input.ChoiceSet",
        "id": input_id,
        "label": literal(one_line(block.label, min(cap, LABEL))),
        "style": "filtered" if len(block.options) >= MANY_OPTIONS else "compact",
        "placeholder": "Choose",
        "choices": [
            {"title": literal(one_line(option.label, min(cap, TITLE))), "value": option.value}
            for option in block.options
        ],
        **_required(block.required),
    }
    if block.chosen is not None:
        made["value"] = block.chosen
    return made


def is_mail(block: Select | Input) -> bool:
    """Return whether the field starts with several lines of text, such as an email."""
    return isinstance(block, Input) and "\n" in block.value


def _entry(block: Input, input_id: str, cap: int) -> Json:
    made: Json = {
        "id": input_id,
        "label": literal(one_line(block.label, min(cap, LABEL))),
        "value": seen(block.value),
        **_required(block.required),
    }
    if block.kind is InputKind.DATE:
        return {"type": "Input.Date", **made}
    is_long = block.kind is InputKind.PARAGRAPH
    return {
        "type": "Input.Text",
        "isMultiline": is_long,
        "maxLength": block.max_length,
        **({"height": "stretch"} if is_mail(block) else {}),
        **made,
    }


def _required(required: bool) -> Json:
    return {"isRequired": True, "errorMessage": "Answer this question."} if required else {}
