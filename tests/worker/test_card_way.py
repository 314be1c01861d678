"""Showing a card calls downwards only, through the packages that the README names."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from store.delivery import claims
from store.rules.model import OutboxKind
from tests.worker.office import Office
from worker.jobs.cases.post_cards import post_case_card

ROOT = Path(__file__).parents[2]
PACKAGES = ("store", "integrations", "bot", "worker")
"""From the lowest to the highest."""
BELOW_ALL = {"store/audit", "store/db", "store/letters", "store/policies", "store/rules"}
"""Packages that all others may use; ``bot/platforms`` only names the renderers."""


def test_a_card_goes_down_through_the_rooms_that_readme_names(office: Office) -> None:
    office.world.open_case()
    row = claims.claim(office.services.store, OutboxKind.CARD, "worker")
    assert row is not None
    rooms, climbs = set[str](), set[tuple[str, str]]()

    def look(frame: FrameType, event: str, _given: Any) -> None:
        here = _room(frame)
        if event != "call" or here is None:
            return
        rooms.add(here)
        before: FrameType | None = frame.f_back
        while before is not None and _room(before) is None:
            before = before.f_back
        if before is not None and (there := _room(before)) and _height(there) < _height(here):
            climbs.add((there, here))

    sys.setprofile(look)
    try:
        post_case_card(office.services, row)
    finally:
        sys.setprofile(None)

    said = re.search(r"goes down through .*", (ROOT / "README.md").read_text("utf-8"))
    assert said is not None
    named = set(re.findall(r"`([a-z]+/[a-z]+)`", said[0].partition("Below")[0]))
    shown = rooms - BELOW_ALL - {"store/tables", "bot/platforms"}
    assert (shown, climbs) == (named | {"bot/sandbox"}, set())


def _room(frame: FrameType) -> str | None:
    """Return the package of a function, such as ``bot/cards``; None outside Lantern."""
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    package, room, *_ = (*path.relative_to(ROOT).with_suffix("").parts, "")
    return f"{package}/{room}" if package in PACKAGES else None


def _height(room: str) -> int:
    return PACKAGES.index(room.partition("/")[0])
