"""What every platform must show of a neutral card or dialog, and send back from it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.kit.click import Click
from bot.cards.kit.fit import Block
from bot.cards.kit.model import (
    Actions,
    Button,
    Card,
    Chart,
    Dialog,
    Facts,
    Fold,
    Input,
    Link,
    Reasons,
    Row,
    Select,
    StatusLine,
    Text,
    Title,
)
from bot.cards.kit.plain_text import clean, seen
from tests.bot.shown import Field, Shown, Target, flat, target


def expected(example: Card | Dialog) -> Shown:
    """Return from the neutral model what a reader of a platform should return."""
    shown = Shown()
    for block in example.blocks:
        shown.say(*(clean(text) for text in _texts(block)))
        for part in block.parts if isinstance(block, Fold) else (block,):
            if isinstance(part, Facts):
                shown.facts += [(flat(clean(name)), flat(clean(it))) for name, it in part.items]
    is_card = isinstance(example, Card)
    acting = [block for block in example.blocks if is_card or isinstance(block, Actions)]
    shown.targets = {target(click) for block in acting for click in _clicks(block)}
    if isinstance(example, Card):
        shown.say(clean(example.summary))
    else:
        shown.say(clean(example.title), *([clean(example.submit)] if example.submit else []))
        shown.fields = [_field(item) for item in example.fields()]
    return shown


def _texts(block: Block) -> Iterator[str]:
    yield from _said(block)
    match block:
        case Actions():
            for button in (*block.buttons, *block.more):
                yield button.label
                if button.confirm:
                    yield button.confirm
        case Select():
            yield block.label
            yield from (option.label for option in block.options)
        case Input():
            yield block.label
    if isinstance(block, Select | Input) and block.hint:
        yield block.hint


def _said(block: Block) -> Iterator[str]:
    match block:
        case Text() | Title() | Link():
            yield block.text
        case Chart():
            yield from (block.title, block.summary)
        case StatusLine():
            yield from (part for part in (block.who, block.rest) if part)
        case Reasons():
            for marker, reason in block.items:
                yield from (f"{marker}:", reason)
        case Fold():
            yield from (block.title, block.hint)
            for part in block.parts:
                yield from _texts(part)
        case Row():
            yield from (f"{block.reference} · {block.state}", block.line)
            yield from ([block.button.label] if block.button else [])


def _clicks(block: Block) -> Iterator[Click]:
    if isinstance(block, Actions):
        for button in (*block.buttons, *block.more):
            yield Click(button.action, button.ids)
    elif isinstance(block, Row) and block.button:
        yield Click(block.button.action, block.button.ids)
    elif isinstance(block, Select):
        for option in block.options:
            yield Click(block.name, block.ids, {block.name: option.value})


def _field(item: Select | Input) -> Field:
    if isinstance(item, Select):
        options = tuple(option.value for option in item.options)
        return Field(item.name, item.required, None, item.chosen or "", options)
    longest = None if item.kind == "date" else item.max_length
    return Field(item.name, item.required, longest, flat(seen(item.value)))


def clicked(button: Button) -> Target:
    return target(Click(button.action, button.ids))


def rows_of(example: Card | Dialog) -> list[Actions]:
    return [each for each in example.blocks if isinstance(each, Actions) and each.all_of_them]


def every_button_of(example: Card | Dialog) -> set[Target]:
    """Return the button that opens all the others, for a platform with a short menu."""
    return {clicked(each.all_of_them) for each in rows_of(example) if each.all_of_them}


def behind_one_button(example: Card | Dialog, shown: Shown) -> list[Button]:
    """Return the buttons that may be hidden, because one that is shown opens them all."""
    if not every_button_of(example) & shown.targets:
        return []
    return [each for row in rows_of(example) for each in (*row.buttons, *row.more)]
