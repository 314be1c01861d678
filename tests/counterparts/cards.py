"""All example cards and dialogs, drawn by an independent renderer of each platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.card_preview import write_previews
from bot.cards.kit.examples import every_example
from store.rules.model import Platform
from tests.browser.conftest import ARGUMENTS, chromium
from tests.counterparts.drawing import draw_all_for_slack, draw_in_teams, open_teams
from tests.counterparts.npm import install

Drawn = tuple[Page, Path]
"""A page to draw on, and the folder of payloads."""

WIDTHS = (500, 320)
"""Pixels: a message in Teams on a desktop, and on a phone."""
PICTURES = Path("build/counterparts")
"""The folder of the screenshots, to be looked at."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    install()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


@pytest.fixture(scope="module")
def teams(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Provide a page with the renderer of Adaptive Cards, and the folder of payloads."""
    folder = tmp_path_factory.mktemp("teams")
    write_previews(Platform.TEAMS, folder)
    page = browser.new_page()
    open_teams(page)
    return page, folder


@pytest.fixture(scope="module")
def slack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Provide a page, and the folder of payloads as pages."""
    folder = tmp_path_factory.mktemp("slack")
    write_previews(Platform.SLACK, folder)
    draw_all_for_slack(folder)
    return browser.new_page(viewport={"width": 640, "height": 600}), folder


def _picture(page: Page, name: str) -> None:
    (PICTURES / name).parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / name, full_page=True)


@pytest.mark.parametrize("name", every_example())
def test_teams_draws_it_whole(teams: Drawn, name: str) -> None:
    page, folder = teams
    payload = json.loads((folder / f"{name}.json").read_text())
    found = dict[int, list[str]]()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = draw_in_teams(page, payload)
        _picture(page, f"teams/{name}-{width}.png")
    assert found == {width: [] for width in WIDTHS}


@pytest.mark.parametrize("name", every_example())
def test_slack_draws_every_block(slack: Drawn, name: str) -> None:
    page, folder = slack
    page.goto((folder / f"{name}.html").as_uri())
    payload = json.loads((folder / f"{name}.json").read_text())
    drawn = page.locator(".slack_blocks_to_jsx--block_wrapper")
    _picture(page, f"slack/{name}.png")
    assert drawn.count() == len(payload["blocks"])
    shown = page.locator("body").inner_text()
    labels = [
        element["text"]["text"]
        for block in payload["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]
    assert [label for label in labels if label not in shown] == []
