"""All example cards and dialogs, drawn by an independent renderer of each platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.card_preview import write_previews
from bot.cards.kit.examples import every_example
from store.rules.model import Platform
from tests.browser.conftest import ARGUMENTS, chromium
from tests.counterparts.npm import HERE, MODULES, install, run

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
    # A RichTextBlock has no setting for it: Teams itself breaks words that are longer than a line.
    page.set_content("<!doctype html><body style='margin: 8px; word-break: break-word'></body>")
    page.add_script_tag(path=str(MODULES / "adaptivecards/dist/adaptivecards.min.js"))
    page.add_script_tag(path=str(MODULES / "markdown-it/dist/markdown-it.min.js"))
    return page, folder


@pytest.fixture(scope="module")
def slack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Provide a page, and the folder of payloads as pages."""
    folder = tmp_path_factory.mktemp("slack")
    write_previews(Platform.SLACK, folder)
    run("node", "slack.mjs", str(folder))
    return browser.new_page(viewport={"width": 640, "height": 600}), folder


def _picture(page: Page, name: str) -> None:
    (PICTURES / name).parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / name, full_page=True)


def _card_of(payload: dict[str, Any]) -> object:
    """Return the Adaptive Card of an activity, or of the answer that opens a dialog."""
    attachment = (
        payload["task"]["value"]["card"] if "task" in payload else payload["attachments"][0]
    )
    return attachment["content"]


@pytest.mark.parametrize("name", every_example())
def test_teams_draws_it_whole(teams: Drawn, name: str) -> None:
    page, folder = teams
    card = _card_of(json.loads((folder / f"{name}.json").read_text()))
    host_config = json.loads((HERE / "host_config.json").read_text())
    found = dict[int, list[str]]()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        draw = (HERE / "teams.js").read_text()
        found[width] = page.evaluate(draw, {"card": card, "hostConfig": host_config})
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
