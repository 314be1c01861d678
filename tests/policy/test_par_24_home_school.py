"""§24: the contributing school monitors and alerts; only the home school makes contact."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.policy.acts import VIEW
from tests.policy.document import TOLD, policy
from tests.policy.people import JOINT, MODULES, RIVE, STUDENTS, write_roster
from tests.policy.school import School
from tests.policy.weeks import row


def _absent_in_rivers(school: School) -> str:
    """Make Joyce absent from all her sessions in Rivers, while she attends in Glass."""
    away = [
        row(JOINT, MODULES[RIVE][0], "attendance", "expected", f"{day}T10:00", "Lab")
        for n in range(27)
        if (day := dt.date(2026, 10, 28) + dt.timedelta(days=n)).weekday() == 5
    ]
    away += [
        row(JOINT, MODULES[RIVE][0], "attendance", "expected", f"{day}T15:00", f"Lab {n}")
        for n in range(2)
        for day in ("2026-11-14", "2026-11-21")
    ]
    school.drops("registers", "labs", *away, complete=True)
    school.morning("2026-11-24")
    return school.case_of(JOINT)


def test_the_case_is_the_home_schools_and_the_other_school_cannot_act(school: School) -> None:
    reference = _absent_in_rivers(school)
    assert reference.startswith("GLAS-"), f"{reference or 'no case'} for a student of Glass"
    goran = school.person("goran")
    found = goran.types(f"find {JOINT.number}").text
    assert "no open case" not in found, f"the contributing school is told: {found}"
    for line in (
        f"draft {reference}",
        f"view {reference} contact-now {VIEW}",
        f"close {reference}",
    ):
        opened = goran.types(line)
        assert opened.dialog is None, f"the contributing school can {line}"
        assert opened.said
    with pytest.raises(Exception, match=r"."):
        goran.drafts(reference)
    assert not school.emails(JOINT)


def test_an_alert_reaches_the_home_school_which_acknowledges(school: School) -> None:
    reference = _absent_in_rivers(school)
    goran, alice = school.people("goran", "alice")
    said = goran.types(f"alert-home {reference} has not come to any of the labs").text
    school.works(sweep=True)
    card = alice.card(reference)
    assert "acknowledge" in card.buttons, f"{said}; the home school's card: {card.text}"
    alice.clicks("acknowledge", reference)
    school.works(sweep=True)
    assert "acknowledge" not in alice.card(reference).buttons
    told = goran.direct()
    assert reference in told, f"whoever alerted hears nothing of it: {told[-300:]}"


def test_a_transfer_takes_the_case_along(school: School) -> None:
    reference = _absent_in_rivers(school)
    moved = [replace(JOINT, school=RIVE, contributing="") if s is JOINT else s for s in STUDENTS]
    done = school.lantern("ingest", "roster", write_roster(school.home / "moved", moved))
    assert done.code == 0, done.text
    school.morning("2026-11-25")
    found = school.person("hana").types(f"find {JOINT.number}").text
    assert reference in found or "RIVE-" in found, f"the case was left behind: {found}"
    assert school.person("alice").types(f"draft {reference}").dialog is None, "Glass still writes"


def test_an_alert_that_may_speak_of_danger_is_told_at_any_hour(school: School) -> None:
    """Only the home school has the welfare route, so other schools are sent to the alert."""
    goran = school.person("goran")
    refused = goran.types("welfare GLAS-1 she sounded unsafe to me")
    assert refused.dialog is None
    assert "/lantern alert-home GLAS-1" in refused.text
    goran.types(f"alert-home {JOINT.number} has not come to any of the labs")
    school.at("21:30")
    goran.types(f"alert-home {JOINT.number} she told me she wants to kill herself tonight")
    school.works(sweep=True)
    reference = school.case_of(JOINT)
    owner, lead = (school.person(name).direct() for name in ("otto", "edgar"))
    for told in (owner, lead):
        assert f"Read this now: another school has alerted yours about {reference}" in told
    assert "wants to kill herself" in school.person("edgar").looks_at(reference)


def test_a_flag_of_the_other_school_names_that_schools_policy(school: School) -> None:
    """§21: the home school's card said "School policy, version 2", though it has only version 1."""
    file = school.home / "rivers.toml"
    file.write_text(policy(RIVE, effective="2026-11-24"), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    card = school.person("alice").card(_absent_in_rivers(school)).text
    assert "Policy of School of Rivers, version 2." in card, card
    assert "School policy" not in card, card


def _alerted_at_night(school: School) -> str:
    school.at("21:30")
    said = "she told me she wants to kill herself tonight"
    school.person("goran").types(f"alert-home {JOINT.number} {said}")
    school.works(sweep=True)
    return school.case_of(JOINT)


def _times_asked(school: School, reference: str) -> dict[str, int]:
    """Return how often each colleague of Glass is asked to read the alert."""
    asks = f"Read this now: another school has alerted yours about {reference}"
    staff = ("alice", "bob", "dora", "edgar", "otto")
    pages = {name: school.person(name).tab.get(f"/sandbox/c/direct:{name}") for name in staff}
    return {
        name: sum(asks in each.text for each in page.all("li", class_="message"))
        for name, page in pages.items()
    }


def test_an_alert_that_no_one_reads_is_put_before_more_people_once_each(school: School) -> None:
    """A14: owner and lead do not answer at night; the school's limit is half an hour."""
    reference = _alerted_at_night(school)
    at_once = _times_asked(school, reference)
    assert at_once == {"alice": 0, "bob": 0, "dora": 0, "edgar": 1, "otto": 1}
    school.at("21:50")
    assert _times_asked(school, reference) == at_once, "before the school's time is over"
    for time in ("22:05", "22:35", "23:30"):
        school.at(time)
    asked = _times_asked(school, reference)
    assert asked["alice"] == asked["bob"] == 1, asked
    assert set(asked.values()) <= {0, 1}, f"more than once: {asked}"


@pytest.mark.parametrize("reads", ["show", "acknowledge"])
def test_an_alert_that_was_read_is_put_before_no_one_else(school: School, reads: str) -> None:
    reference = _alerted_at_night(school)
    school.person("edgar").types(f"{reads} {reference}")
    asked = _times_asked(school, reference)
    for time in ("22:05", "22:35", "23:30"):
        school.at(time)
    assert _times_asked(school, reference) == asked
