"""The digest offers only actions open to its reader; a window says what prevents an email."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.kit.model import Row, Title
from tests.people import finding
from tests.worker.office import Office, office_in, words


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        yield made


def offered(office: Office, name: str) -> dict[str, str]:
    """Return the button of each drafted email's first row, by the case's reference.

    A case that is new today has a second row, below, with the same state.
    """
    card = office.types(name, "digest").card
    assert card
    rows = [each for each in card.blocks if isinstance(each, Row)]
    drafted = [row for row in rows if row.state == "Email to approve"]
    return {row.reference: row.button.label for row in reversed(drafted) if row.button}


def test_a_row_leads_to_what_its_reader_can_do(office: Office) -> None:
    world = office.world
    old = world.open_case("dana")
    office.drafts_a_mail(old)
    world.clock.forward(days=7)
    new = world.open_case("eli")
    office.drafts_a_mail(new)
    stale, fresh = world.case(old).reference, world.case(new).reference

    assert offered(office, "alice") == {fresh: "Read draft", stale: f"Open {stale}"}
    said = words(office.types("alice", "digest").card)
    assert "1 email to approve and 1 draft that you cannot approve now" in said
    assert "written on records of Tuesday 21 October" in said
    assert offered(office, "bob") == {fresh: f"Open {fresh}", stale: f"Open {stale}"}


def test_a_window_says_itself_why_an_email_cannot_be_approved(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    office.world.clock.forward(days=7)
    shown = office.dialog("alice", "show", case)

    assert any(isinstance(block, Title) for block in shown.blocks)
    assert "written on records of Tuesday 21 October" in words(shown)
    assert "see Details" not in words(shown)
    assert "Evidence: " in words(shown)


@pytest.mark.parametrize("command", ["approve", "take", "show", "close"])
def test_several_cases_on_one_line_do_nothing(office: Office, command: str) -> None:
    world = office.world
    world.screen(*(finding(world.student(name)) for name in ("dana", "eli")))
    answer = words(office.types("alice", f"{command} LANG-1, LANG-2").card)

    assert "This command takes one case at a time, so nothing was done." in answer
    assert f"/lantern {command} LANG-1 and /lantern {command} LANG-2" in answer
