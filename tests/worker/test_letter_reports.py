"""``lantern outreach report``: what letters led to, printed and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.rules.errors import InvalidInput
from tests.world import World, world_in
from worker.cli.outreach import letter_reports, packed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(f"sqlite:///{tmp_path}/lantern.db") as made:
        yield made


def test_each_school_is_there_and_the_file_names_nobody(world: World) -> None:
    world.approved_mail(world.open_case())
    world.send()
    written = json.loads(packed(letter_reports(world.store, None, None)))
    assert [each["school"] for each in written["schools"]] == ["LANG", "MATH"]
    (letter,) = written["schools"][0]["letters"]
    assert (letter["kind"], letter["rung"]) == ("university-email", "university-email")
    assert (letter["mails"], letter["answered_share"]) == (0, None)
    assert written["schools"][1]["letters"] == []
    assert "never withheld" in written["note"]
    assert "Dana" not in repr(written)
    assert "dana" not in repr(written)


def test_a_school_that_is_not_there_is_a_sentence(world: World) -> None:
    with pytest.raises(InvalidInput, match="no school NONE"):
        letter_reports(world.store, "NONE", None)
