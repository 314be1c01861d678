"""Write every example card and dialog to a file: a platform's payload, or a page to view."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from bot.cards.kit.examples import every_example
from bot.cards.kit.model import Card, Dialog
from bot.sandbox import renderer as sandbox
from bot.slack import renderer as slack
from bot.teams import renderer as teams
from store.rules.model import Platform

Example = Card | Dialog


def write_previews(platform: Platform, out_dir: Path) -> list[Path]:
    """Write ``<name>.json`` (Slack, Teams) or ``<name>.html`` (sandbox) and return the paths.

    A Slack file is the body of ``chat.postMessage`` without the channel, or a view. A Teams file
    is the activity, or the answer to ``task/fetch``. A sandbox file is a self-contained page.
    """
    suffix, written = _WRITERS[platform]
    out_dir.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, example in every_example().items():
        path = out_dir / f"{name}.{suffix}"
        path.write_text(written(name, example), encoding="utf-8")
        paths.append(path)
    return paths


def _slack(_name: str, example: Example) -> str:
    return _json(slack.message(example) if isinstance(example, Card) else slack.modal_view(example))


def _teams(_name: str, example: Example) -> str:
    return _json(teams.message(example) if isinstance(example, Card) else teams.dialog(example))


def _json(payload: dict[str, Any]) -> str:
    return json.dumps(payload, indent=2, ensure_ascii=False) + "\n"


def _page(name: str, example: Example) -> str:
    if isinstance(example, Card):
        fragment = sandbox.card_html(example)
    else:
        fragment = sandbox.dialog_html(example)
    style = resources.files("bot.sandbox").joinpath("static/cards.css").read_text("utf-8")
    return _PAGE.format(name=html.escape(name), style=style, fragment=fragment)


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
{style}
body {{ margin: 1rem; background: var(--lc-sunken); }}
</style>
</head>
<body>
<main>
{fragment}
</main>
</body>
</html>
"""

_WRITERS: dict[Platform, tuple[str, Callable[[str, Example], str]]] = {
    Platform.SLACK: ("json", _slack),
    Platform.TEAMS: ("json", _teams),
    Platform.SANDBOX: ("html", _page),
}
