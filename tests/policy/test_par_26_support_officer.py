"""§26: the Student Support Officer is the first contact; somebody stands in where they are away."""

import re

from tests.policy.people import CAST, GLAS, address, write_rows
from tests.policy.school import School


def test_every_new_case_belongs_to_an_officer_and_they_share(school: School) -> None:
    owners = {}
    for who in CAST:
        reference = school.case_of(who) if who.school == GLAS else ""
        if reference:
            card = school.person("alice").card(reference).text
            owners[reference] = [
                n for n in ("Bob Beryl", "Otto Opal") if re.search(rf"Owner\W*{n}", card)
            ]
    assert owners
    assert all(owners.values()), f"cases without an officer: {owners}"
    names = [each[0] for each in owners.values()]
    assert abs(names.count("Bob Beryl") - names.count("Otto Opal")) <= 1, names


def test_whoever_stands_in_sees_what_waits(school: School) -> None:
    bob, otto = school.people("bob", "otto")
    reference = next(r for r, card in school.cards().items() if "Bob Beryl" in card.text)
    said = bob.types("cover bob otto friday").text
    school.works(sweep=True)
    assert reference in otto.types("mine").text, f"{said}; Otto does not see Bob's cases"


def test_an_officer_cannot_be_away_without_a_stand_in(school: School) -> None:
    """Trap: cover by oneself, or by somebody of another school."""
    bob = school.person("bob")
    for line in ("cover bob bob friday", "cover bob goran friday", "cover bob nobody friday"):
        assert bob.types(line).text, line
    assert "Goran" not in bob.types("me").text


def test_who_may_no_longer_act_covers_for_nobody(school: School) -> None:
    """Trap: the stand-in gets another job, and everybody believes that somebody stands in."""
    bob = school.person("bob")
    bob.types("cover bob otto 2027-11-19")
    assert "to Friday 19 November 2027" in bob.types("me").text, "a day in another year"
    write_rows(
        school.home / "moved" / "staff.csv",
        ("email", "name", "roles"),
        [(address("otto"), "Otto Opal", f"{GLAS}:module-organiser")],
    )
    assert school.lantern("ingest", "roster", school.home / "moved").code == 0
    assert "covers for you" not in bob.types("me").text
    assert "You cover" not in school.person("otto").types("me").text
    line = "cover Bob Beryl Alice Amber friday"
    assert "Alice Amber covers for Bob Beryl" in bob.types(line).text, "as names are written"
