"""Fixtures for a real browser: Debian's Chromium, or the one that CHROMIUM names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from integrations.bootstrap import Services
from tests.browser.demo import demo_in, prepared
from worker.demo.days import Days

PATIENCE = 30_000
"""Milliseconds: a busy machine draws a page late, but correctly."""
expect.set_options(timeout=PATIENCE)

OpenPage = Callable[..., Page]
"""Opens a page in a context of its own; the arguments are those of ``Browser.new_context``."""

# The browser contacts only the page under test, and also starts without a user namespace.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Return Chromium's path. Without Chromium, skip the test, or fail it in CI."""
    wanted = os.environ.get("CHROMIUM") or "chromium"
    found = shutil.which(wanted)
    if found:
        return found
    sentence = f"no Chromium found: {wanted!r} is not a program here; set CHROMIUM to one"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests here; each gets contexts of its own.

    It does not last for the whole session: while Playwright runs, its event loop is the main
    thread's, and no other test could run one.
    """
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages as a test requests them. Errors in any of their consoles fail the test."""
    problems: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            problems.append(message.text)

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def browser_page(open_page: OpenPage) -> Page:
    """Open a page as on a desktop computer: light, wide, with JavaScript."""
    return open_page(viewport={"width": 1280, "height": 860})


@pytest.fixture
def demo(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Services, Days]]:
    """Open a demo for this test alone."""
    with demo_in(tmp_path / "demo", prepared(tmp_path_factory, worker_id)) as opened:
        yield opened
