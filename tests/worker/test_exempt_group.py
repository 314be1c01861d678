"""A lead exempts all students of a module for a field trip, from a day to a day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.tables import audit, cases, exemptions
from tests.worker.office import Office, office_in, words
from tests.worker.test_screening import screen, write_feed

LINE = "exempt-group module FR101 placement in 2 weeks the field trip to Lyon"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        write_feed(made.services.settings.home)
        yield made


def test_nobody_of_the_group_is_flagged_and_it_ends_together(office: Office) -> None:
    assert "students on FR101 exempt until" in words(office.types("lena", LINE).card)
    screen(office)
    assert office.world.rows(cases) == []
    rows = office.world.rows(exemptions)
    assert {row["group_key"] for row in rows} == {"module:FR101"}
    assert {row["by_staff_id"] for row in rows} == {office.world.staff("lena")}
    assert {row["reason"] for row in rows} == {"the field trip to Lyon"}
    (entry,) = office.world.rows(audit, action="exempt-group")
    assert entry["details"]["students"] == len(rows)

    assert "has ended" in words(office.types("lena", "exempt-group module FR101 end").card)
    assert all(row["ended_at"] for row in office.world.rows(exemptions))
    assert "no exemption to end" in words(
        office.types("lena", "exempt-group module FR101 end").card
    )


def test_the_form_does_the_same_and_only_for_the_lead(office: Office) -> None:
    for name in ("alice", "bob", "max"):
        office.types(name, LINE)
    assert office.world.rows(exemptions) == []
    dialog = office.types("lena", "exempt-group").dialog
    assert dialog is not None
    answers = {
        "kind": "placement",
        "first": "today",
        "last": "in 2 weeks",
        "reason": "a trip to the sea",
    }
    wrong = office.submits("lena", dialog, group="FR101", **answers)
    assert "Name the group" in wrong.errors["group"]
    done = office.submits("lena", dialog, group="module FR101", **answers)
    assert "exempt until" in words(done.card)
    died = office.submits("lena", dialog, group="module FR101", **(answers | {"kind": "deceased"}))
    assert "last" in died.errors or "kind" in died.errors


def test_a_mail_to_one_of_them_does_not_leave(office: Office) -> None:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    office.types("lena", LINE)
    assert "cancelled" in repr(office.world.dump()["outreach"])
