"""Rendering of cards and dialogs as the sandbox's HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bot.card_preview import write_previews
from bot.cards.kit.click import Click
from bot.cards.kit.model import Actions, Button, Card, Chart, Dialog, Input, Option, Select, Text
from bot.cards.kit.parts import StateIcon
from bot.sandbox import action_values as clicks
from bot.sandbox import renderer
from bot.sandbox.renderer import card_html, columns, dialog_html
from store.rules.model import Platform
from tests.bot.cards.examples import EXAMPLES
from tests.bot.cards_to_try import cards, dialogs
from tests.bot.expected import expected
from tests.bot.read_html import HtmlReader, in_sandbox

ANY_TEXT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

OURS = {"article", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure"}
OURS |= {"h2", "h3", "hr", "p", "rect", "span", "summary", "svg", "text"}
OURS |= {"button", "form", "input", "label", "option", "select", "textarea"}


def _read(fragment: str) -> HtmlReader:
    reader = HtmlReader()
    reader.feed(fragment)
    reader.close()
    return reader


@ANY_TEXT
@given(cards())
def test_any_text_stays_text(card: Card) -> None:
    reader = _read(card_html(card))

    assert reader.tags <= OURS
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert reader.shown.targets == expected(card).targets
    assert set(expected(card).texts) - {" ".join(card.summary.split())} <= set(reader.shown.texts)


@ANY_TEXT
@given(dialogs())
def test_any_dialog_asks_everything(dialog: Dialog) -> None:
    assert in_sandbox(dialog_html(dialog)).fields == expected(dialog).fields


def test_every_state_has_a_drawn_icon() -> None:
    drawn = Path(renderer.__file__).with_name("static") / "states.svg"
    names = {each.name.lower() for each in StateIcon}
    assert set(re.findall(r'<symbol id="([a-z]+)"', drawn.read_text(encoding="utf-8"))) == names

    opened = EXAMPLES["case-open"]
    assert isinstance(opened, Card)
    titled = card_html(opened)
    assert '<use href="/sandbox/static/states.svg#new"/>' in titled
    assert StateIcon.NEW not in titled


def test_what_is_wrong_is_tied_to_its_field_and_what_was_typed_stays() -> None:
    asked = Dialog(
        "tried", "T", "log", (Input("note", "Note", hint="Write what helps."),), submit="Save"
    )

    fragment = dialog_html(asked, {"note": "Too short.", "case": "It is closed."}, {"note": "x"})

    assert 'aria-invalid="true"' in fragment
    described = re.search(r'aria-describedby="([^"]+)"', fragment)
    assert described is not None
    assert all(f'id="{name}"' in fragment for name in described[1].split())
    assert 'value="x"' in fragment
    assert re.search(r'role="alert">It is closed\.', fragment)


def test_enter_in_a_field_submits_and_what_turns_pages_stands_beside_close() -> None:
    asked = dialog_html(Dialog("tried", "T", "find", (Input("words", "Name"),), submit="Look up"))
    assert re.findall(r'<button class="[^"]+" form="lc-tried-form"[^>]*>([^<]+)', asked) == [
        "Look up",
        "Cancel",
    ], "the browser presses the first of a form's buttons"

    earlier = Actions((Button("Earlier", "show", opens_dialog=True),))
    shown = dialog_html(Dialog("tried", "T", "show", (Text("Said."), earlier)))
    assert shown.index("</form>") < shown.index("lc-ending") < shown.index("Earlier")
    assert shown.index("Earlier") < shown.index("Close")


def test_a_field_without_hint_and_error_is_described_by_nothing() -> None:
    asked = Dialog("tried", "T", "log", (Input("note", "Note"),), submit="Save")

    assert "aria-describedby" not in dialog_html(asked)


def test_a_chart_has_a_text_alternative_and_labels_that_do_not_touch() -> None:
    chart = Chart("Weeks", tuple((f"{n} November", n % 8) for n in range(12)), 7, "Up and down.")

    named = [column.label for column in columns(chart) if column.label]

    assert 2 <= len(named) < 12
    assert 'role="img" aria-label="Up and down."' in card_html(Card("tried", "S", (chart,)))


def test_a_choice_in_a_card_answers_its_own_question() -> None:
    select = Select("assign", "Owner", (Option("7", "Alice Example"),), ids={"case": "41"})

    shown = in_sandbox(card_html(Card("tried", "S", (select,))))

    assert len(shown.targets) == 1
    form = {"action": "assign", "ids": '{"case":"41"}', "field.assign": "7", "_key": "k"}
    assert clicks.clicked(form) == Click("assign", {"case": "41"}, {"assign": "7"})


@pytest.mark.parametrize("platform", Platform)
def test_every_example_can_be_previewed(platform: Platform, tmp_path: Path) -> None:
    paths = write_previews(platform, tmp_path / "previews")

    assert [path.stem for path in paths] == list(EXAMPLES)
    assert all(path.stat().st_size > 100 for path in paths)


def test_previews_of_the_sandbox_need_no_other_file(tmp_path: Path) -> None:
    for path in write_previews(Platform.SANDBOX, tmp_path):
        page = path.read_text(encoding="utf-8")
        assert ".lc-card" in page
        assert not re.search(r"<(link|script|img)\b", page)


def test_a_button_needs_a_label_and_short_ids() -> None:
    with pytest.raises(ValueError, match="label"):
        Button(" ", "take")
    with pytest.raises(ValueError, match="longer than 100"):
        Button("Take", "take", {"case": "9" * 200})
