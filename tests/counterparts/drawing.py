"""Draws payloads with an independent renderer of each platform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.counterparts.npm import HERE, MODULES, run


def open_teams(page: Page) -> None:
    """Load the renderer of Adaptive Cards into an empty page."""
    page.set_content("<!doctype html><body></body>")
    page.add_style_tag(path=str(HERE / "teams.css"))
    page.add_script_tag(path=str(MODULES / "adaptivecards/dist/adaptivecards.min.js"))
    page.add_script_tag(path=str(MODULES / "markdown-it/dist/markdown-it.min.js"))


def draw_in_teams(page: Page, payload: dict[str, Any]) -> list[str]:
    """Draw an activity's card, or a dialog's; return what the renderer says is wrong with it."""
    attachment = (
        payload["task"]["value"]["card"] if "task" in payload else payload["attachments"][0]
    )
    found: list[str] = page.evaluate(
        (HERE / "teams.js").read_text(),
        {
            "card": attachment["content"],
            "hostConfig": json.loads((HERE / "host_config.json").read_text()),
        },
    )
    return found


def draw_all_for_slack(folder: Path) -> None:
    """Write a page beside each payload of the folder."""
    run("node", "slack.mjs", str(folder))
