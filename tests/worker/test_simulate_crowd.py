"""A draft for a large class: the daily limit, who waits, and a day that would be held."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.activity.simulation import simulate
from store.actions.schools.load_roster import load_roster
from store.policies.document import parse
from store.rules.policies.simulation import HeldDay, describe_simulation
from store.rules.schools import EnrolmentEntry, Roster
from store.tables import cases, holds
from tests.people import ROSTER, policy_document
from tests.worker.office import Office, office_in
from worker import jobs
from worker.jobs.schools.ingest import ingest_new_files

CLASS = 40
GONE = 9
DAY = dt.date(2025, 10, 22)
FIRST = dt.date(2025, 9, 22)
TWO_A_DAY = parse(policy_document(capacity=2), "the draft")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give 40 students on one module; 9 of them stop on the same day."""
    with office_in(tmp_path / "home") as made:
        dana = ROSTER.students[0]
        crowd = [replace(dana, number=f"7{n:02}", given_name=f"Crowd{n}") for n in range(CLASS)]
        enrolled = [EnrolmentEntry(each.number, "FR101", FIRST) for each in crowd]
        load_roster(made.services.store, Roster(students=tuple(crowd), enrolments=tuple(enrolled)))
        lines = ["student_number,module,family,kind,at"]
        for n in range((DAY - FIRST).days):
            day = FIRST + dt.timedelta(days=n)
            there = [each.number for at, each in enumerate(crowd) if n < 12 or at >= GONE]
            there += ["1001", "1002", "2001"]
            lines += [f"{number},FR101,vle,done,{day}" for number in there]
        folder = made.services.settings.home / "feeds" / "moodle"
        folder.mkdir(parents=True)
        (folder / "clicks.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        ingest_new_files(made.services)
        yield made


def test_room_waiting_and_a_surge(office: Office) -> None:
    found = simulate(office.services, TWO_A_DAY, DAY - dt.timedelta(days=6), DAY)

    surge = dt.date(2025, 10, 18)
    assert found.busiest == (surge, GONE)
    assert found.held == (HeldDay(surge, "FR101", GONE, CLASS + 3),)
    assert [(week.cases, week.room, week.waiting) for week in found.weeks] == [(9, 14, 0)]
    assert found.shares[0].percent == 21
    shown = "\n".join(describe_simulation(found))
    assert "Held because the data may be wrong: Sat 18 Oct FR101 (9 of 43)." in shown
    assert "Crowd" not in shown


def test_who_still_waits_at_the_end_is_counted(office: Office) -> None:
    last = dt.date(2025, 10, 19)
    found = simulate(office.services, TWO_A_DAY, last - dt.timedelta(days=6), last)
    assert [(week.cases, week.waiting) for week in found.weeks] == [(4, 5)]
    assert describe_simulation(found)[0] == (
        "4 cases in 1 week, with room for 14. In 1 week some still waited at the end."
    )


def test_the_live_night_holds_that_day(office: Office) -> None:
    jobs.run_with(office.services)("screen", day="2025-10-18")
    assert office.world.rows(cases) == []
    (question,) = office.world.rows(holds)
    assert (question["module"], question["flagged"], question["cohort"]) == ("FR101", 9, 43)
