"""Reminders: to which colleague, when, and when to the lead instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.notices.reminders import (
    Reminder,
    Waiting,
    WaitingFor,
    reminders,
    steps_due,
)
from store.rules.policies.policy import Duty

MONDAY = dt.date(2025, 10, 20)
ALICE, BOB, LEAD = 1, 2, 9
DUTY = Duty(remind_after_days=2, escalate_after_days=4)


def on(day: dt.date, *waiting: Waiting, calendar: Calendar | None = None) -> list[Reminder]:
    return reminders(waiting, DUTY, calendar or Calendar(), day, [LEAD])


def view(since: dt.date = MONDAY, people: tuple[int, ...] = (ALICE,)) -> Waiting:
    return Waiting(7, WaitingFor.VIEW, since, people)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, []),
        (1, []),
        (2, [(ALICE, False)]),
        (3, [(ALICE, False)]),
        (4, [(ALICE, False), (LEAD, True)]),
        (5, []),  # a Saturday
        (6, []),
        (7, [(ALICE, False), (LEAD, True)]),
    ],
)
def test_first_whoever_looks_after_it_then_the_lead_too(
    days: int, told: list[tuple[int, bool]]
) -> None:
    found = on(MONDAY + dt.timedelta(days=days), view())
    assert [(each.person, each.escalated) for each in found] == told


def test_the_lead_hears_of_each_case_that_waits() -> None:
    other = replace(view(), case=8)
    found = on(MONDAY + dt.timedelta(days=4), view(), other)
    assert [each.case for each in found if each.escalated] == [7, 8]


def test_an_unread_message_goes_one_step_further_each_time_that_so_many_minutes_passed() -> None:
    at = dt.datetime(2025, 10, 20, 9, tzinfo=dt.UTC)
    passed = (-20, 0, 14, 15, 29, 30, 45)
    found = [steps_due(at, at + dt.timedelta(minutes=each), 15) for each in passed]
    assert found == [0, 0, 0, 1, 1, 2, 3]


def test_weekends_and_closures_do_not_count() -> None:
    friday, tuesday = dt.date(2025, 10, 24), dt.date(2025, 10, 28)
    assert on(dt.date(2025, 10, 27), view(friday)) == []
    assert len(on(tuesday, view(friday))) == 1
    closed = Calendar(closures=(Period("Festival", dt.date(2025, 10, 27), tuesday),))
    assert on(tuesday, view(friday), calendar=closed) == []
    assert on(dt.date(2025, 10, 29), view(friday), calendar=closed) == []
    assert len(on(dt.date(2025, 10, 30), view(friday), calendar=closed)) == 1


def test_a_case_with_nobody_is_the_leads() -> None:
    found = on(MONDAY + dt.timedelta(days=2), view(people=()))
    assert [(each.person, each.escalated) for each in found] == [(LEAD, False)]


def test_of_one_case_a_person_hears_once_of_what_waited_longest() -> None:
    wednesday = MONDAY + dt.timedelta(days=2)
    draft = Waiting(7, WaitingFor.APPROVAL, MONDAY - dt.timedelta(days=3), (ALICE,))
    asked = Waiting(7, WaitingFor.ASKED, MONDAY, (BOB,))
    found = [each for each in on(wednesday, view(), draft, asked) if not each.escalated]
    assert [(each.person, each.what) for each in found] == [
        (ALICE, WaitingFor.APPROVAL),
        (BOB, WaitingFor.ASKED),
    ]


@pytest.mark.parametrize("what", [WaitingFor.REVIEW, WaitingFor.RESOLUTION])
def test_some_things_are_due_at_once(what: WaitingFor) -> None:
    found = on(MONDAY, Waiting(7, what, MONDAY, ()))
    assert [(each.person, each.what, each.escalated) for each in found] == [(LEAD, what, False)]


def test_a_reminder_names_the_case_and_what_waits() -> None:
    assert on(MONDAY + dt.timedelta(days=4), view()) == [
        Reminder(ALICE, 7, WaitingFor.VIEW, False),
        Reminder(LEAD, 7, WaitingFor.VIEW, True),
    ]
