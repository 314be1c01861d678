"""Slack, Teams and the sandbox show and send the same, for every example."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.cards.kit.fit import LEFT_OUT
from bot.cards.kit.model import Card, Dialog
from bot.sandbox import renderer as sandbox
from bot.slack import renderer as slack
from bot.teams import renderer as teams
from tests.bot.cards.examples import EXAMPLES
from tests.bot.expected import behind_one_button, clicked, every_button_of, expected
from tests.bot.read_html import in_sandbox
from tests.bot.shown import Shown, in_slack, in_teams

Example = Card | Dialog


def _slack(example: Example) -> Shown:
    if isinstance(example, Card):
        return in_slack(slack.message(example))
    return in_slack(slack.modal_view(example))


def _teams(example: Example) -> Shown:
    if isinstance(example, Card):
        return in_teams(teams.message(example))
    return in_teams(teams.dialog(example))


def _sandbox(example: Example) -> Shown:
    if isinstance(example, Card):
        return in_sandbox(sandbox.card_html(example))
    return in_sandbox(sandbox.dialog_html(example))


on_every_platform = pytest.mark.parametrize("shown_on", [_slack, _teams, _sandbox])
every_example = pytest.mark.parametrize("name", EXAMPLES)


def is_shown(text: str, texts: list[str]) -> bool:
    """Return whether the text is shown, whole or cut with an ellipsis."""
    return text in texts or any(
        short.endswith("…") and text.startswith(short[:-1].rstrip()) for short in texts
    )


@every_example
@on_every_platform
def test_same_texts(shown_on: Callable[[Example], Shown], name: str) -> None:
    shown, should = shown_on(EXAMPLES[name]), expected(EXAMPLES[name])

    elsewhere = behind_one_button(EXAMPLES[name], shown)
    labels = {each.label for each in elsewhere}
    missing = [t for t in should.texts if not is_shown(t, shown.texts) and t not in labels]

    if LEFT_OUT.text in shown.texts:
        # Only text may be left out, and only where a card is made to be too long.
        assert name.startswith("specimen-many-blocks")
    else:
        assert missing == []


@every_example
@on_every_platform
def test_same_facts(shown_on: Callable[[Example], Shown], name: str) -> None:
    shown, should = shown_on(EXAMPLES[name]), expected(EXAMPLES[name])

    if LEFT_OUT.text not in shown.texts:
        assert len(shown.facts) == len(should.facts)
        for (label, value), (said_label, said_value) in zip(should.facts, shown.facts, strict=True):
            assert is_shown(label, [said_label])
            assert is_shown(value, [said_value])


@every_example
@on_every_platform
def test_same_actions_with_the_same_ids(shown_on: Callable[[Example], Shown], name: str) -> None:
    shown, should = shown_on(EXAMPLES[name]), expected(EXAMPLES[name]).targets
    elsewhere = {clicked(each) for each in behind_one_button(EXAMPLES[name], shown)}

    assert should - shown.targets <= elsewhere
    assert shown.targets - should <= every_button_of(EXAMPLES[name])


@every_example
@on_every_platform
def test_same_fields(shown_on: Callable[[Example], Shown], name: str) -> None:
    assert shown_on(EXAMPLES[name]).fields == expected(EXAMPLES[name]).fields
