"""Rendering of cards and dialogs for Teams."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings

from bot.cards.kit.click import Click
from bot.cards.kit.model import (
    Actions,
    Button,
    Card,
    Chart,
    Dialog,
    Facts,
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.teams import action_values as clicks
from bot.teams import renderer as render
from bot.teams.chart_image import BARS, drawn
from bot.teams.markup import escaped
from tests.bot.adaptive_cards import message_problems, task_problems
from tests.bot.cards.examples import EXAMPLES
from tests.bot.cards_to_try import cards, dialogs
from tests.bot.expected import expected
from tests.bot.shown import in_teams
from tests.bot.teams.cards import walk

ANY_TEXT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_teams_takes_every_example(name: str) -> None:
    example = EXAMPLES[name]
    if isinstance(example, Card):
        assert message_problems(render.message(example)) == []
    else:
        assert task_problems(render.dialog(example)) == []


@ANY_TEXT
@given(cards())
def test_any_text_fits_and_nothing_that_acts_is_lost(card: Card) -> None:
    activity = render.message(card)

    assert message_problems(activity) == []
    assert in_teams(activity).targets == expected(card).targets


@ANY_TEXT
@given(dialogs())
def test_any_dialog_fits_and_asks_everything(dialog: Dialog) -> None:
    answer = render.dialog(dialog)

    assert task_problems(answer) == []
    assert in_teams(answer).fields == expected(dialog).fields


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("robin_c@example.ac.uk", "robin_c@example.ac.uk"),
        ("_it_ **bold**", r"\_it\_ \*\*bold\*\*"),
        ("[click](evil)", r"\[click\](evil)"),
        ("<at>Alice</at>", r"\<at\>Alice\</at\>"),
        ("1. first", r"1\. first"),
        ("- first", r"\- first"),
        ("well-known 3.5 & more", "well-known 3.5 & more"),
        ("&lt;at&gt;", "&amp;lt;at&amp;gt;"),
    ],
)
def test_markdown_is_escaped_and_ordinary_text_is_left_alone(typed: str, sent: str) -> None:
    assert escaped(typed) == sent


def test_a_button_that_opens_a_dialog_asks_teams_to_fetch_it() -> None:
    button = Button("Log", "log", {"case": "41"}, opens_dialog=True)
    content = _content(Card("tried", "S", (Actions((button,)),)))

    action = content["actions"][0]

    assert action["type"] == "Action.Submit"
    assert action["data"]["msteams"] == {"type": "task/fetch"}
    assert action["data"]["dialog_id"] == "log"
    assert clicks.clicked(action["data"]) == Click("log", {"case": "41"})


def test_a_question_stands_between_a_button_and_its_deed() -> None:
    button = Button("Withdraw", "withdraw", {"case": "42"}, confirm="The draft is deleted.")
    content = _content(Card("tried", "S", (Actions((button,)),)))

    action = content["actions"][0]

    assert action["type"] == "Action.ShowCard"
    assert "The draft is deleted." in json.dumps(action["card"]["body"])
    assert action["card"]["actions"][0]["verb"] == "withdraw"


def test_wrong_answers_come_back_with_what_was_typed() -> None:
    asked = Dialog("tried", "T", "log", (Input("note", "Note"),), submit="Save")

    answer = render.dialog(asked, {"note": "Too short.", "case": "It is closed."}, {"note": "x"})

    shown = in_teams(answer)
    assert {"Too short.", "It is closed."} <= set(shown.texts)
    assert shown.fields[0].value == "x"


def test_a_letter_is_never_cut_for_others() -> None:
    letter = "Ä line of a mail.\n" * 200
    card = Card("tried", "S", (Text("word " * 9000), Text(letter, TextStyle.LETTER)))

    shown = in_teams(render.message(card))

    assert " ".join(letter.split()) in shown.texts


def test_answers_are_read_without_what_belongs_to_the_button() -> None:
    data = {"action": "log", "ids": {"case": "41"}, "field.note": "Said hello", "msteams": {}}

    assert clicks.submitted(data) == Click("log", {"case": "41"}, {"note": "Said hello"})


def _content(card: Card) -> Any:
    return render.message(card)["attachments"][0]["content"]


def test_a_chart_is_a_small_picture_with_its_meaning_in_words() -> None:
    weeks = tuple((str(at), at % 8) for at in range(12))
    card = Card("tried", "S", (Chart("Days", weeks, 7, "Up and down."),))

    (picture,) = [each for each in _content(card)["body"] if each["type"] == "Image"]

    assert picture["altText"] == "Up and down."
    assert "Up and down." in in_teams(render.message(card)).texts
    sent = base64.b64decode(picture["url"].removeprefix("data:image/png;base64,"))
    assert sent.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(sent) < 1024


@pytest.mark.parametrize("values", [(0,), (7,), (0, 7), (10**9,), tuple(range(12))])
def test_a_picture_shows_each_value_and_nothing_of_the_next(values: tuple[int, ...]) -> None:
    top = max(*values, 7)
    chart = Chart("C", tuple((str(each), each) for each in values), top, "S")

    width, rows = _pixels(drawn(chart))

    pitch = width // len(values)
    for at, value in enumerate(values):
        columns = [row[at * pitch : (at + 1) * pitch] for row in rows]
        height = sum(1 in row for row in columns)
        assert height == -(-BARS * value // top)
        assert all(row[0] == row[-1] == 0 for row in columns[:-2]), "a gap on either side"


def _pixels(picture: bytes) -> tuple[int, list[bytes]]:
    """Read a picture back: its width, and the numbers of the colours in each row."""
    width, height = struct.unpack(">II", picture[16:24])
    packed = picture[picture.index(b"IDAT") + 4 :]
    raw = zlib.decompressobj().decompress(packed)
    assert len(raw) == (width + 1) * height
    return width, [raw[at + 1 : at + 1 + width] for at in range(0, len(raw), width + 1)]


def test_commands_are_named_as_teams_has_them_and_mails_are_left_alone() -> None:
    written = "Type /lantern help"
    card = Card(
        "tried",
        "Type /lantern help",
        (Text("Type /lantern help"), Text(written, TextStyle.LETTER), Facts((("S", written),))),
    )

    body = json.dumps(_content(card))

    assert "Type @Lantern help" in body
    assert body.count(written) == 2


def test_a_mail_is_written_in_a_field_that_shows_it() -> None:
    field = Input("body", "Mail", InputKind.PARAGRAPH, "Dear Robin,\n\nhello")
    asked = Dialog("tried", "T", "draft", (field,), submit="Save")

    value = render.dialog(asked)["task"]["value"]

    assert value["height"] == "large"
    assert value["card"]["content"]["body"][0]["height"] == "stretch"
    assert value["card"]["content"]["minHeight"]


def test_no_row_of_buttons_is_cut_on_a_phone() -> None:
    """Measured in a browser at 320 pixels: 33 characters, of which each button's edges take 6."""
    for name, example in EXAMPLES.items():
        made = render.message(example) if isinstance(example, Card) else render.dialog(example)
        rows = [each["actions"] for each in walk(made) if "actions" in each]
        assert name.startswith("specimen") or all(_fits(row) for row in rows), name


def _fits(row: list[dict[str, Any]]) -> bool:
    shown = [each["title"] for each in row if each.get("mode") != "secondary"]
    hidden = len(row) - len(shown)
    return hidden <= 7 and (len(shown) < 2 or sum(len(title) + 6 for title in shown) <= 33)


def test_a_long_menu_ends_with_one_button_that_opens_all() -> None:
    made = render.message(cast(Card, EXAMPLES["case-everything-at-once"]))
    menu = [each for each in walk(made) if each.get("mode") == "secondary"]

    assert [each["title"] for each in menu][-1] == "All actions"
    opened = render.dialog(cast(Dialog, EXAMPLES["dialog-actions"]))
    texts = [str(each["text"]) for each in walk(opened) if each.get("size") == "small"]
    assert texts == ["Contact", "Record", "Arrange", "Close"]
