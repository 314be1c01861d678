"""§22: where and when students were told of the policy is asked, saved and shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.policies.versions import told_of
from store.rules.policies.publication import Route, Told
from store.tables import audit
from tests.people import policy_document
from tests.worker.office import Office, office_in, words
from worker.doctor.checks import examine

NEW = policy_document(views_needed=2)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Provide a second version in force, of which students were not told yet, on 22 October."""
    with office_in(tmp_path) as made:
        made.world.publish(NEW)
        yield made


def kept(office: Office) -> list[Told]:
    with office.services.store.database.read() as connection:
        return told_of(connection, office.world.school(), 2)


def doctor(office: Office) -> str:
    return "\n".join(map(str, examine(office.services)))


def test_the_card_the_doctor_and_the_form_say_what_is_missing(office: Office) -> None:
    shown = words(office.types("alice", "policy").card)
    assert "student handbook (no record of where) and email (no record of where)" in shown
    assert "students were told by student handbook and email is not recorded" in doctor(office)
    dialog = office.types("lena", "publication").dialog
    assert dialog
    assert "Not recorded yet: student handbook and email." in str(dialog)


def test_a_line_and_the_form_keep_the_same(office: Office) -> None:
    office.types("lena", "publication handbook: page 12, yesterday")
    dialog = office.clicks("lena", "publication", school=office.world.school()).dialog
    assert dialog
    office.submits("lena", dialog, route="email", place="the school office", day="2025-10-01")
    yesterday = office.world.today - dt.timedelta(days=1)
    assert kept(office) == [
        Told(Route.HANDBOOK, "page 12", yesterday),
        Told(Route.EMAIL, "the school office", dt.date(2025, 10, 1)),
    ]
    assert "not recorded" not in doctor(office)
    assert "email (the school office, Wednesday 1 October 2025)" in words(
        office.types("alice", "policy").card
    )
    statement = str(office.types("alice", "statement").dialog)
    assert "Student handbook: page 12 (21 October 2025)" in statement
    rows = office.world.rows(audit, action="record-publication")
    assert [row["details"] for row in rows][-2:] == [
        {"version": 2, "route": "handbook"},
        {"version": 2, "route": "email"},
    ]


def test_a_later_record_takes_nothing_from_an_earlier_one(office: Office) -> None:
    office.types("lena", "publication email: office to all students, 2025-09-29")
    office.types("lena", "publication email: my friends, yesterday")
    assert len(kept(office)) == 2, "both are evidence"
    for name in ("policy", "statement"):
        reply = office.types("alice", name)
        shown = words(reply.card or reply.dialog)
        assert "office to all students" in shown
        assert "my friends" not in shown


def test_a_day_that_has_not_been_is_no_record(office: Office) -> None:
    said = words(office.types("lena", "publication email: all students, 1 december").card)
    assert "Monday 1 December is in the future" in said
    assert kept(office) == []
    office.types("lena", "publication email: all students, 1 december 2024")
    assert kept(office) == [Told(Route.EMAIL, "all students", dt.date(2024, 12, 1))]


def test_the_form_names_each_route_in_words(office: Office) -> None:
    dialog = office.types("lena", "publication").dialog
    assert "Online learning space" in words(dialog)
    assert "Vle" not in words(dialog)


@pytest.mark.parametrize(
    ("field", "answer"),
    [("route", "rumour"), ("place", " . "), ("place", "x"), ("day", "2025-12-24"), ("day", "soon")],
)
def test_what_is_no_evidence_is_refused_beside_its_field(
    office: Office, field: str, answer: str
) -> None:
    given = {"route": "email", "place": "the school office", "day": "2025-10-01", field: answer}
    dialog = office.types("lena", "publication").dialog
    assert dialog
    assert field in office.submits("lena", dialog, **given).errors
    line = f"publication {given['route']}: {given['place']}, {given['day']}"
    assert office.types("lena", line).card
    assert kept(office) == []


def test_half_a_line_says_how_it_is_written(office: Office) -> None:
    assert "For example: email:" in words(office.types("lena", "publication email").card)


def test_it_is_the_lead_s_alone(office: Office) -> None:
    for name in ("alice", "bob", "sana", "max"):
        said = words(office.types(name, "publication LANG email: all students, yesterday").card)
        assert "engagement lead" in said or "LANG" not in said
    dialog = office.types("lena", "publication").dialog
    assert dialog
    office.submits("max", dialog, route="email", place="all students", day="2025-10-01")
    assert kept(office) == []
