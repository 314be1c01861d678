"""Adjustments: a colleague agrees that a student is not expected, and no one reads why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import create_app
from bot.cards.kit.model import Select
from integrations.bootstrap import Services
from store.queries.students.exemptions import exempt_on
from store.tables import adjustments, outreach
from tests.bot.visitor import Visitor
from tests.people import LANGUAGES
from tests.worker.office import Office, office_in, words

WHY = "Zzyzx shifts at night, agreed with the disability service"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        yield made


def agreed(services: Services, day: dt.date) -> list[tuple[int, str, dt.date, dt.date]]:
    with services.records() as known:
        return known.adjustments(day, day)


def test_it_shifts_what_is_expected_and_nothing_else(office: Office) -> None:
    case, today = office.world.open_case(), office.world.today
    office.approves_a_mail(case)
    dialog = office.dialog("alice", "exempt", case)
    (kind,) = (block for block in dialog.blocks if isinstance(block, Select))
    assert "Adjustment: attendance is not expected" in [each.label for each in kind.options]
    last = today + dt.timedelta(days=30)
    values = {"kind": "attendance", "first": str(today), "last": str(last), "reason": WHY}
    assert office.submits("alice", dialog, **values).errors == {}
    dana = office.world.student("dana")
    assert agreed(office.services, today) == [(dana, "attendance", today, last)]
    assert agreed(office.services, last + dt.timedelta(days=1)) == []
    with office.world.store.database.read() as connection:
        assert dana not in exempt_on(connection, office.world.school(LANGUAGES), today)
    assert [row["status"] for row in office.world.rows(outreach)] == ["approved"]
    office.works()
    assert "By agreement, not expected until Friday 21 November: attendance." in office.shown()
    assert "Zzyzx" not in repr(office.world.dump()) + office.shown()

    visitor = Visitor(create_app(office.services))
    visitor.post("/me/local", {"number": "1001"})
    page = visitor.get("/me").text
    assert "not expected in these days" in page
    office.types("alice", "exempt LANG-1 end")
    assert agreed(office.services, today) == []


def test_a_typed_line_says_what_the_form_says(office: Office) -> None:
    office.world.open_case()
    said = words(office.types("alice", f"exempt LANG-1 meetings in 8 weeks {WHY}").card)
    assert "LANG-1: meetings not expected until" in said
    (row,) = office.world.rows(adjustments)
    assert row["family"] == "meetings"
    refused = office.types("alice", "exempt LANG-1 attendance friday gone").card
    assert "what is known in a few words" in words(refused)
