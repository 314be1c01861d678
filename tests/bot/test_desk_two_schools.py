"""A colleague of two schools: every command answers for both, or asks which one is meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.kit.model import Facts, Text
from store.actions.schools.load_roster import load_roster
from store.rules.model import Role
from store.rules.schools import Roster, SchoolEntry, StaffEntry
from store.tables import stops
from tests.worker.office import Office, office_in, words

BOTH = ("School of Languages", "School of Mathematics")
ASKS = "Which of your schools: LANG, MATH?"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Provide an office in which Fay leads both faculties, Vera both schools; ART has no policy."""
    with office_in(tmp_path) as made:
        roles = {
            "fay": (("LANG", Role.FACULTY_LEAD), ("MATH", Role.FACULTY_LEAD)),
            "vera": (("LANG", Role.ENGAGEMENT_LEAD), ("MATH", Role.ENGAGEMENT_LEAD)),
            "mo": (("LANG", Role.FACULTY_LEAD), ("ART", Role.FACULTY_LEAD)),
        }
        people = tuple(
            StaffEntry(f"{name}@example.ac.uk", name.title(), each, sandbox_user=name)
            for name, each in roles.items()
        )
        art = SchoolEntry("ART", "School of Art", "Humanities")
        load_roster(made.world.store, Roster(schools=(art,), staff=people))
        yield made


@pytest.mark.parametrize("command", ["report", "feeds"])
@pytest.mark.parametrize("name", ["fay", "vera"])
def test_figures_and_feeds_are_of_every_school(office: Office, command: str, name: str) -> None:
    said = words(office.types(name, command).card)
    assert all(school in said for school in BOTH)
    one = words(office.types(name, f"{command} math").card)
    assert BOTH[1] in one
    assert BOTH[0] not in one


@pytest.mark.parametrize("command", ["report", "feeds"])
def test_a_school_without_a_policy_hides_no_other(office: Office, command: str) -> None:
    said = words(office.types("mo", command).card)
    assert "School of Languages" in said
    assert "School of Art" in said
    assert ("no policy in force" in said) is (command == "feeds")


def test_what_is_about_one_school_asks_which(office: Office) -> None:
    for command in ("policy", "statement"):
        assert ASKS in words(office.types("fay", command).card), command
        answered = office.types("fay", f"{command} MATH")
        assert "Mathematics" in repr(answered), command
    for command in ("digest", "digest week"):
        assert ASKS in words(office.types("vera", command).card), command
        assert "Mathematics" in words(office.types("vera", f"{command} MATH").card), command
    for command in ("coverage", "simulate"):
        assert "LANG, MATH" in words(office.types("vera", command).card), command
    assert "Name one of your schools: LANG, MATH" in words(office.types("fay", "report ART").card)


def test_one_s_own_page_has_the_feeds_of_both(office: Office) -> None:
    said = words(office.types("vera", "home").card)
    assert all(f"Feeds of {school}" in said for school in BOTH)


def test_mail_is_stopped_in_the_school_whose_form_it_was(office: Office) -> None:
    assert "Which school?" in words(office.types("vera", "stop-mail").card)
    dialog = office.types("vera", "stop-mail MATH").dialog
    assert dialog
    office.submits("vera", dialog, why="wrong words were sent")
    (stop,) = office.world.rows(stops)
    assert stop["school_id"] == office.world.school("MATH")
    forged = office.asks(
        "lena", "stop-mail", ids=dict(dialog.ids), values={"why": "wrong words were sent"}
    )
    assert "your schools: LANG" in " ".join(forged.errors.values())


def test_the_report_of_several_is_short_and_says_where_more_is(office: Office) -> None:
    card = office.types("fay", "report").card
    assert card
    assert sum(isinstance(block, Facts) for block in card.blocks) == 2
    assert "More: /lantern report MATH" in [b.text for b in card.blocks if isinstance(b, Text)]
