"""Rendering of cards and dialogs for Slack."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from bot.cards.kit.click import Click
from bot.cards.kit.fit import LEFT_OUT, CardTooLargeError
from bot.cards.kit.ids import LONGEST_ACTION, LONGEST_IDS
from bot.cards.kit.model import Actions, Button, Card, Dialog, Facts, Input, Text, TextStyle
from bot.slack import action_values as clicks
from bot.slack import renderer as render
from bot.slack.markup import neutral
from tests.bot.block_kit import message_problems, view_problems
from tests.bot.cards.examples import EXAMPLES
from tests.bot.cards_to_try import cards, dialogs
from tests.bot.expected import expected
from tests.bot.shown import in_slack

HIDDEN = {"value", "private_metadata", "callback_id", "block_id", "action_id"}
PERSONAL = re.compile(r"Sam\b|Example|Alice|Bob|Kim|Chandra|Dana|@|X\d{3}|BA ", re.IGNORECASE)

ANY_TEXT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_slack_takes_every_example(name: str) -> None:
    example = EXAMPLES[name]
    if isinstance(example, Card):
        assert message_problems(render.message(example)) == []
    else:
        assert view_problems(render.modal_view(example)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_slack_keeps_and_sends_back_names_nobody(name: str) -> None:
    example = EXAMPLES[name]
    made = render.message(example) if isinstance(example, Card) else render.modal_view(example)

    # A school's own programmes are choices that are not about any one student.
    programmes = {"BA Example Studies"} if name == "dialog-cases" else set[str]()
    for hidden in set(_hidden(made)) - programmes:
        assert not PERSONAL.search(hidden), hidden


def _hidden(made: object) -> Iterator[str]:
    """Yield every string that is sent back with a click but that people do not see."""
    if isinstance(made, list):
        for each in made:
            yield from _hidden(each)
    if isinstance(made, dict):
        for key, value in made.items():
            if key in HIDDEN and isinstance(value, str):
                yield value
            yield from _hidden(value)


@ANY_TEXT
@given(cards())
def test_any_text_fits_and_nothing_that_acts_is_lost(card: Card) -> None:
    body = render.message(card)

    assert message_problems(body) == []
    assert in_slack(body).targets == expected(card).targets


@ANY_TEXT
@given(dialogs())
def test_any_dialog_fits_and_asks_everything(dialog: Dialog) -> None:
    view = render.modal_view(dialog)

    assert view_problems(view) == []
    assert in_slack(view).fields == expected(dialog).fields


def test_a_name_cannot_mention_format_or_link_in_the_notification() -> None:
    said = neutral("<!channel> *bold* _it_ ~no~ `code` :wave: http://evil.example &lt;")

    assert not set(said) & set("<>*_~`")
    assert "://" not in said
    assert ":wave:" not in said


def test_ids_come_back_whole_from_the_narrowest_place() -> None:
    ids = {"case": "9" * (LONGEST_IDS - len('{"case":""}'))}
    action = "a" * LONGEST_ACTION
    card = Card("tried", "S", (Actions((Button("A", "take"),), (Button("B", action, ids),)),))

    menu = render.message(card)["blocks"][0]["elements"][-1]
    option = menu["options"][0]

    assert len(option["value"]) <= 150
    assert clicks.clicked({**menu, "selected_option": option}) == Click(action, ids)


def test_more_than_five_entries_become_a_list_that_can_be_searched() -> None:
    more = tuple(Button(f"Entry {n}", "entry", {"n": str(n)}) for n in range(6))
    card = Card("tried", "S", (Actions((Button("A", "take"),), more),))

    menu = render.message(card)["blocks"][0]["elements"][-1]

    assert menu["type"] == "static_select"
    assert len(menu["options"]) == 6


def test_a_letter_is_shown_whole_over_several_blocks() -> None:
    letter = "Sentence number one. " * 180
    dialog = Dialog("tried", "T", "approve", (Text(letter, TextStyle.LETTER),), submit="Approve")

    view = render.modal_view(dialog)

    parts = [block["elements"][0]["elements"][0]["text"] for block in view["blocks"]]
    assert len(parts) == 2
    assert " ".join(parts) == letter.strip()


def test_too_many_blocks_leave_the_buttons_and_say_that_something_is_missing() -> None:
    lines = tuple(Text(f"Line {n}") for n in range(80))
    card = Card("tried", "S", (*lines, Actions((Button("Mine", "mine"),))))

    blocks = render.message(card)["blocks"]

    assert len(blocks) == 50
    assert LEFT_OUT.text in str(blocks[-2])
    assert blocks[-1]["type"] == "actions"


def test_a_card_with_more_buttons_than_slack_takes_is_an_error_of_its_module() -> None:
    rows = tuple(Actions((Button("A", "take"),)) for _ in range(51))
    with pytest.raises(CardTooLargeError):
        render.message(Card("tried", "S", rows))


def test_errors_stand_beside_their_field_and_others_beside_the_first() -> None:
    fields = (Input("when", "When"), Input("note", "Note"))
    dialog = Dialog("tried", "T", "log", fields, submit="Save")

    answer = render.errors(dialog, {"note": "Please say more.", "case": "It is closed."})

    assert answer == {
        "response_action": "errors",
        "errors": {"note": "Please say more.", "when": "It is closed."},
    }


def test_a_dialog_without_fields_shows_errors_on_top() -> None:
    dialog = Dialog("tried", "T", "approve", (Facts((("To", "them"),)),), submit="Approve")

    answer = render.errors(dialog, {"outreach": "It was approved already."})

    assert answer["response_action"] == "update"
    assert view_problems(answer["view"]) == []
    assert "It was approved already." in in_slack(answer["view"]).texts


def test_answers_are_read_by_field_and_empty_ones_are_empty() -> None:
    answers = {
        "kind": {"type": "static_select", "selected_option": {"value": "call"}},
        "on": {"type": "datepicker", "selected_date": "2025-11-18"},
        "until": {"type": "datepicker", "selected_date": None},
        "note": {"type": "plain_text_input", "value": None},
    }
    view = {
        "callback_id": "log",
        "private_metadata": '{"case":"41"}',
        "state": {"values": {name: {name: answer} for name, answer in answers.items()}},
    }

    click = clicks.submitted(view)

    assert click.ids == {"case": "41"}
    assert click.values == {"kind": "call", "on": "2025-11-18", "until": "", "note": ""}
