"""A school's morning: everybody's own digest, reminders for others, the lead's week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.casework import resting
from store.rules.model import NoticeKind, Opinion
from store.tables import asks, notices
from tests.people import finding
from tests.worker.office import Office, office_in, words
from worker.digests import request_messages

# The office's day is Wednesday, 22 October.
THURSDAY = dt.date(2025, 10, 23)
FRIDAY = dt.date(2025, 10, 24)
SATURDAY = dt.date(2025, 10, 25)
MONDAY = dt.date(2025, 10, 27)
TUESDAY = dt.date(2025, 10, 28)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        yield made


@pytest.fixture
def case(office: Office) -> int:
    """Sana's, as the only officer."""
    return office.world.open_case()


def morning(office: Office, day: dt.date) -> None:
    """Half past eight on this day, twice, as two clocks would say it."""
    office.clock.now = dt.datetime.combine(day, dt.time(8, 30), dt.UTC)
    for _ in range(2):
        with office.world.store.unit_of_work() as work:
            request_messages(work, office.world.school(), day)
    office.works()


def told(office: Office, name: str) -> list[str]:
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def kinds(office: Office, name: str) -> list[str]:
    return [row["kind"] for row in office.world.rows(notices, staff_id=office.world.staff(name))]


def test_whoever_looks_after_cases_gets_one_message_with_what_waits(
    office: Office, case: int
) -> None:
    office.world.screen(finding(office.world.student("eli")))
    office.world.give_view(case, opinion=Opinion.WAIT)
    morning(office, FRIDAY)
    (message,) = told(office, "sana")
    assert "Your 2 cases, 1 waits for somebody" in message
    assert "LANG-2 waits for a first view." in message
    assert "Nothing waits on: LANG-1 (discussing)" in message
    assert "Evans" not in message


@pytest.mark.usefixtures("case")
def test_nobody_hears_anything_on_a_weekend(office: Office) -> None:
    morning(office, SATURDAY)
    assert office.world.rows(notices) == []


@pytest.mark.usefixtures("case")
def test_what_waits_too_long_goes_to_the_lead_and_mondays_bring_the_week(office: Office) -> None:
    morning(office, FRIDAY)
    assert kinds(office, "lena") == []
    morning(office, MONDAY)
    assert kinds(office, "lena") == [NoticeKind.WEEK]
    (week,) = told(office, "lena")
    assert "The week of School of Languages" in week
    morning(office, TUESDAY)
    assert kinds(office, "lena") == [NoticeKind.WEEK, NoticeKind.ESCALATION]
    assert "LANG-1 has waited for some days" in told(office, "lena")[-1]


def test_a_colleague_who_was_asked_is_reminded_of_that(office: Office, case: int) -> None:
    world = office.world
    with world.store.unit_of_work() as work:
        work.connection.execute(
            asks.insert().values(
                case_id=case,
                asker_id=world.staff("alice"),
                asked_id=world.staff("bob"),
                question="",
                at=work.now,
            )
        )
    morning(office, THURSDAY)
    assert told(office, "bob") == []
    morning(office, FRIDAY)
    (message,) = told(office, "bob")
    assert "A colleague has asked what you think about LANG-1." in message


def test_snoozed_and_paused_cases_remind_nobody(office: Office, case: int) -> None:
    world = office.world
    resting.snooze(world.store, world.by("alice"), case, MONDAY)
    morning(office, FRIDAY)
    assert "none waits" in told(office, "sana")[0]
    resting.pause(world.store, world.by("alice"), case, dt.date(2025, 11, 20), "Away for a while")
    morning(office, dt.date(2025, 11, 3))
    assert NoticeKind.ESCALATION not in kinds(office, "lena")


@pytest.mark.usefixtures("case")
def test_the_digests_can_be_asked_for(office: Office) -> None:
    assert "Good morning" in words(office.types("alice", "digest").card)
    assert "Your 1 case" in words(office.types("sana", "digest mine").card)
    assert "Your 0 cases" in words(office.types("alice", "digest mine").card)
    assert "The week of" in words(office.types("lena", "digest week").card)
    assert "engagement lead" in words(office.types("alice", "digest week").card)
    assert "digest mine" in words(office.types("alice", "digest yours").card)
