"""§26: the Student Support Officer is the first contact; a colleague covers their absence."""

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
    """Trap: cover by oneself, or by a colleague of another school."""
    bob = school.person("bob")
    for line in ("cover bob bob friday", "cover bob goran friday", "cover bob nobody friday"):
        assert bob.types(line).text, line
    assert "Goran" not in bob.types("me").text


def test_who_may_no_longer_act_covers_for_nobody(school: School) -> None:
    """Trap: the covering colleague changes jobs, and everyone believes that the cover continues."""
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


def _told(school: School, *names: str) -> dict[str, list[str]]:
    """Return what each of them is told of an ended cover, message by message."""
    pages = {name: school.person(name).tab.get(f"/sandbox/c/direct:{name}") for name in names}
    return {
        name: [each.text for each in page.all("li", class_="message") if "no longer" in each.text]
        for name, page in pages.items()
    }


def test_that_a_cover_is_over_is_told_once_to_all_three(school: School) -> None:
    """Bob is away until Friday; on Monday he gets his messages again, and all three are told."""
    school.person("bob").types("cover bob otto friday")
    for day in ("2026-11-26", "2026-11-27"):
        school.morning(day)
    assert not any(_told(school, "bob", "otto", "edgar").values()), "before it is over"
    for day in ("2026-11-30", "2026-12-01"):
        school.morning(day)
    told = _told(school, "bob", "otto", "edgar", "alice")
    assert [len(each) for each in told.values()] == [1, 1, 1, 0], told
    last = "The last day was Friday 27 November."
    assert f"Otto Opal no longer covers for you. {last}" in told["bob"][0]
    assert f"You no longer cover for Bob Beryl. {last}" in told["otto"][0]
    assert f"Otto Opal no longer covers for Bob Beryl. {last}" in told["edgar"][0]
    assert "arrange cover again with /lantern cover" in told["edgar"][0]


def test_a_cover_that_is_ended_or_carried_on_is_told_as_it_is(school: School) -> None:
    bob, otto = school.people("bob", "otto")
    bob.types("cover bob otto tuesday")
    otto.types("cover bob otto from wednesday until friday")
    school.morning("2026-11-24")
    school.morning("2026-11-25")
    assert not any(_told(school, "bob", "otto", "edgar").values()), "Otto covers on"
    otto.types("cover bob end")
    school.works(sweep=True)
    told = _told(school, "bob", "otto", "edgar")
    assert [len(each) for each in told.values()] == [1, 0, 1], told


def test_that_a_cover_may_no_longer_act_is_told(school: School) -> None:
    """Trap: the covering colleague changes jobs, and everyone believes that the cover continues."""
    school.person("bob").types("cover bob otto 2027-11-19")
    write_rows(
        school.home / "moved" / "staff.csv",
        ("email", "name", "roles"),
        [(address("otto"), "Otto Opal", f"{GLAS}:module-organiser")],
    )
    assert school.lantern("ingest", "roster", school.home / "moved").code == 0
    for _ in school.mornings("2026-11-26"):
        pass
    told = _told(school, "bob", "edgar")
    assert [len(each) for each in told.values()] == [1, 1], told
    assert "Otto Opal no longer covers for you. Messages" in told["bob"][0]
