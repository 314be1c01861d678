"""Every table by platform has a row for each platform."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import platforms
from bot.card_preview import write_previews
from bot.cards.kit.reply_cards import notice
from bot.cards.notices.thread_notice import Line
from bot.platforms import ADDRESSES, LINES, RENDERERS
from store.rules.model import Platform
from worker.setup import channels, next_step
from worker.setup.settings_questions import settings_questions


def test_each_table_of_the_registry_has_every_platform() -> None:
    tables = {name: each for name, each in vars(platforms).items() if isinstance(each, Mapping)}
    # The others draw the chart from the card.
    assert tables.pop("PICTURES").keys() == {Platform.SLACK}
    assert {name: each.keys() for name, each in tables.items() if name.isupper()} == dict.fromkeys(
        ("RENDERERS", "LINES", "ADDRESSES"), dict[Platform, Any].fromkeys(Platform).keys()
    )


@pytest.mark.parametrize("platform", Platform)
def test_a_platform_shows_cards_and_lines_and_is_offered_at_set_up(
    platform: Platform, tmp_path: Path
) -> None:
    card = RENDERERS[platform](notice("Nothing is waiting."))
    assert "Nothing is waiting." in str(card)
    assert "A reply came." in str(LINES[platform](Line("A reply came.")))
    assert "M1" in ADDRESSES[platform]("T1", "C1", "M1")
    assert write_previews(platform, tmp_path)
    assert isinstance(settings_questions(platform), tuple)


def test_each_table_of_the_set_up_has_every_platform_but_the_sandbox() -> None:
    tables = [
        each
        for module in (channels, next_step)
        for each in vars(module).values()
        if isinstance(each, Mapping) and any(isinstance(key, Platform) for key in each)
    ]
    assert len(tables) == 3
    assert all(set(each) == set(Platform) - {Platform.SANDBOX} for each in tables)


def test_each_contract_of_the_platforms_names_all_of_them() -> None:
    document = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    contracts = document["tool"]["importlinter"]["contracts"]
    apart = [set(each["modules"]) for each in contracts if each["type"] == "independence"]
    core = [set(each["forbidden_modules"]) for each in contracts if "The core" in each["name"]]
    for within, named in (("bot", apart), ("bot", core), ("integrations.chat", apart)):
        lists = [each for each in named if f"{within}.slack" in each]
        assert len(lists) == 1
        assert {f"{within}.{platform}" for platform in Platform} <= lists[0]
