"""Render actions and inputs as Adaptive Cards, schema 1.5 (adaptivecards.io/explorer)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards.kit.model import Actions, Button, ButtonStyle, Input, InputKind, Select
from bot.cards.kit.plain_text import cut, line, seen
from bot.teams.action_values import FIELD, button_data, choice_data
from bot.teams.markup import Json, literal, paragraph

TITLE = 75
LABEL = 200
NOTE = 500
MANY_OPTIONS = 10
"""From this number of options on, a select can be searched by typing."""

_STYLES = {ButtonStyle.PRIMARY: "positive", ButtonStyle.DANGER: "destructive"}


def actions(block: Actions, cap: int) -> list[Json]:
    """Render the buttons, then those of *More*, which Teams shows behind three dots."""
    rest = ({**_action(button, cap), "mode": "secondary"} for button in block.more)
    return [*(_action(button, cap) for button in block.buttons), *rest]


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
    return literal(line(button.label, min(cap, TITLE)))


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
        "label": literal(line(block.label, min(cap, LABEL))),
        "style": "filtered" if len(block.options) >= MANY_OPTIONS else "compact",
        "placeholder": "Choose",
        "choices": [
            {"title": literal(line(option.label, min(cap, TITLE))), "value": option.value}
            for option in block.options
        ],
        **_required(block.required),
    }
    if block.chosen is not None:
        made["value"] = block.chosen
    return made


def is_mail(block: Select | Input) -> bool:
    """Say whether it starts with several lines of text, which three lines of room would hide."""
    return isinstance(block, Input) and "\n" in block.value


def _entry(block: Input, input_id: str, cap: int) -> Json:
    made: Json = {
        "id": input_id,
        "label": literal(line(block.label, min(cap, LABEL))),
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
