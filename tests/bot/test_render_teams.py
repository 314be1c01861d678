"""Cards and dialogs as Teams takes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.cards.click import Click
from bot.cards.examples import EXAMPLES
from bot.cards.model import Actions, Button, Card, Dialog, Input, Text, TextStyle
from bot.teams import clicks, render
from bot.teams.markup import escaped
from tests.bot.adaptive_cards import message_problems, task_problems
from tests.bot.cards_to_try import cards, dialogs
from tests.bot.expected import expected
from tests.bot.shown import in_teams

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
