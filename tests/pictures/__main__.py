"""``python -m tests.pictures``: take the pictures that README and the platforms' guides show.

The sandbox and the student's page are those of the demo. The cards of Slack and Teams are drawn
by the independent renderers that ``make counterparts`` uses.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from rich.console import Console

from bot.app import create_app
from bot.card_preview import write_previews
from bot.sandbox.shutdown import Stopping
from store.rules.model import Platform
from tests.browser.acts import add_view, become, dialog_after, new_case, submit
from tests.browser.conftest import ARGUMENTS, PATIENCE, chromium
from tests.browser.serving import serving
from tests.counterparts.drawing import draw_all_for_slack, draw_in_teams, open_teams
from tests.counterparts.npm import install
from worker.demo.output import Lines
from worker.demo.run import set_up
from worker.processes.serve import embedded_work

CARD = "case-agreed-with-draft"
"""The example that shows most of a card: reasons, chart, a view, and an email to approve."""
STUDENT = "L1004"
"""A student of the demo with a case of their own."""
COLOURS = 128
"""Flat surfaces need no more, and a picture in the repository stays small."""


def main() -> None:
    """Take each picture, and print where it is."""
    install()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with _demo() as url:
            _sandbox(browser, url)
            _student(browser, url)
        _slack(browser)
        _teams(browser)
        browser.close()


@contextmanager
def _demo() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="lantern-pictures-") as folder,
        set_up(Path(folder), Lines(Console(quiet=True))) as (services, _),
        embedded_work(services),
        serving(create_app(services), Stopping()) as url,
    ):
        yield url


def _sandbox(browser: Browser, url: str) -> None:
    page = _page(browser, 1100, 900)
    page.goto(f"{url}/sandbox")
    become(page, "Dora Damson")
    card = new_case(page)
    add_view(page, card)
    become(page, "Alice Alder")
    submit(dialog_after(page, card, "Draft email"), "Save the draft")
    expect(card).to_contain_text("Email to approve")
    become(page, "Bob Birch")
    card.get_by_text("Details").click()
    card.evaluate("card => card.scrollIntoView()")
    _save(page, "bot/sandbox/screenshot.png")
    page.close()  # its stream would keep the server up


def _student(browser: Browser, url: str) -> None:
    page = _page(browser, 800, 900)
    page.goto(f"{url}/me")
    page.get_by_label("A student number").fill(STUDENT)
    page.get_by_role("button", name="Sign in as this student").click()
    page.get_by_role("link", name="Your weeks").click()
    expect(page).to_have_url(re.compile("#"))
    page.evaluate("() => scrollBy(0, -24)")
    _save(page, "bot/student/screenshot.png")


def _slack(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_previews(Platform.SLACK, folder)
        page = _page(browser, 640, 600)
        draw_all_for_slack(folder)
        page.goto((folder / f"{CARD}.html").as_uri())
        _save(page, "bot/slack/screenshot.png", page.locator("body"))


def _teams(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_previews(Platform.TEAMS, folder)
        page = _page(browser, 520, 600)
        open_teams(page)
        draw_in_teams(page, json.loads((folder / f"{CARD}.json").read_text()))
        _save(page, "bot/teams/screenshot.png", page.locator("body"))


def _page(browser: Browser, width: int, height: int) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=1.5, color_scheme="light"
    )
    page.set_default_timeout(PATIENCE)
    return page


def _save(page: Page, path: str, part: Locator | None = None) -> None:
    (part or page).screenshot(path=path, animations="disabled")
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main()
