"""``lantern outreach report``: the results of each letter, printed and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.rules.errors import InvalidInput
from tests.world import World, world_in
from worker.cli.outreach import letter_reports, letters_as_json


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(f"sqlite:///{tmp_path}/lantern.db") as made:
        yield made


def test_each_school_is_there_and_the_file_names_nobody(world: World) -> None:
    for name in ("dana", "eli"):
        world.approved_mail(world.open_case(name))
        world.send(f"conversation-{name}")
    world.clock.forward(days=6)
    world.write_draft(1)
    world.approve(1)
    world.send("conversation-again")
    world.clock.forward(days=7)
    written = json.loads(letters_as_json(letter_reports(world.store, None, None)))
    assert [each["school"] for each in written["schools"]] == ["LANG", "MATH"]
    assert written["schools"][0]["altogether"]["mails"] == 5
    assert written["schools"][0]["altogether"]["answered_share"] is None
    assert written["schools"][0]["letters"] == [], "two of a kind are not told"
    assert (written["schools"][0]["since"], written["schools"][0]["until"]) == (
        "2025-08-04",
        "2025-11-03",
    )
    assert written["schools"][1]["letters"] == []
    assert "No student is left out of contact" in written["note"]
    assert "Dana" not in repr(written)
    assert "dana" not in repr(written)


def test_a_school_that_is_not_there_is_a_sentence(world: World) -> None:
    with pytest.raises(InvalidInput, match="no school NONE"):
        letter_reports(world.store, "NONE", None)
