"""The strongest cases open within a school's capacity; the other students wait in the queue."""

import datetime as dt
from dataclasses import replace

import pytest

from store.actions.schools.load_roster import load_roster
from store.queries.flags.queue import waiting
from store.queries.flags.queue_cost import queue_costs
from store.queries.flags.room_comparison import room_comparison
from store.queries.notices.week import week
from store.rules.model import FlagState, MarkerFamily, OutboxKind
from store.rules.schools import Roster
from store.rules.small_numbers import EXACT, ReportPeriod
from store.tables import cases, flags
from store.tables import waiting as queued
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding, policy_document
from tests.store.together import together
from tests.world import World

ONE_DAY = dt.timedelta(days=1)
NAMES = ("Ada", "Ben", "Cleo", "Dov")


@pytest.fixture
def small(world: World) -> World:
    """Set the capacity of Languages to two new cases a day and add four students."""
    world.publish(policy_document(capacity=2))
    extra = [
        replace(ROSTER.students[0], number=f"5{n}", given_name=name) for n, name in enumerate(NAMES)
    ]
    load_roster(world.store, Roster(students=tuple(extra)))
    return world


def ids(world: World, *names: str) -> list[int]:
    return [world.student(name) for name in names]


def with_case(world: World) -> list[int]:
    return [row["student_id"] for row in world.rows(cases)]


def queue(world: World, *schools: str) -> list[int]:
    with world.store.database.read() as connection:
        lines = waiting(connection, [world.school(each) for each in schools or [LANGUAGES]])
    return [line.student for line in lines]


def test_the_strongest_get_a_case_and_the_others_wait_in_order(small: World) -> None:
    ada, ben, cleo, dov = ids(small, *NAMES)
    found = [finding(each) for each in (ada, ben, cleo, dov)]

    result = small.screen(*found, order=[cleo, dov, ada, ben])

    assert (result.flags_raised, result.cases_opened, result.waiting) == (4, 2, 2)
    assert sorted(with_case(small)) == sorted([cleo, dov])
    assert queue(small) == [ada, ben]
    assert len([kind for kind in small.woken if kind is OutboxKind.CARD]) == 1


def test_the_next_day_takes_up_who_waited_in_that_days_order(small: World) -> None:
    ada, ben, cleo, dov = ids(small, *NAMES)
    found = [finding(each) for each in (ada, ben, cleo, dov)]
    small.screen(*found, order=[cleo, dov, ada, ben])
    small.clock.forward(days=1)

    result = small.screen(*found, order=[cleo, dov, ben, ada])

    assert (result.flags_raised, result.cases_opened, result.waiting) == (0, 2, 0)
    assert set(with_case(small)[2:]) == {ada, ben}
    flag = small.rows(flags, student_id=ada)[0]
    assert flag["raised_on"] == small.today - ONE_DAY, "found since then"
    assert flag["case_id"] is not None


def test_the_queue_tells_its_cost_and_so_does_the_week(small: World) -> None:
    """Four came on the one screened day, and two are taken: at seven a day no one is left."""
    found = [finding(each) for each in ids(small, *NAMES)]
    with small.store.database.read() as connection:
        assert queue_costs(connection, small.school(LANGUAGES), small.today) is None
        assert week(connection, small.school(LANGUAGES), small.today).queue == ()
    small.screen(*found)
    with small.store.database.read() as connection:
        costs = queue_costs(connection, small.school(LANGUAGES), small.today)
        told = week(connection, small.school(LANGUAGES), small.today).queue
    assert costs is not None
    now, more = costs
    assert (now.a_day, len(now.waits), more.a_day, more.waits) == (2, 2, 7, (1, 1))
    assert told[0].startswith("At 2 new cases a day: place 1 in ")
    assert told[1] == "At 7 new cases a day: place 1 in 1 day, place 2 in 1 day; all are reached."


def test_those_who_waited_for_room_are_compared_with_those_who_did_not(small: World) -> None:
    ada, ben, cleo, dov = ids(small, *NAMES)
    first = small.today
    small.screen(*(finding(each) for each in (ada, ben, cleo, dov)), order=[cleo, dov, ada, ben])
    for day in range(1, 9):
        small.clock.forward(days=1)
        small.screen(*(finding(each) for each in (dov, ben) if day < 8))
    small.clock.forward(days=21)
    with small.store.database.read() as connection:
        made = room_comparison(
            connection, small.school(LANGUAGES), ReportPeriod(first), small.today, EXACT
        )
    assert (made.at_once.students, made.waited.students, made.between) == (3, 1, 0)
    assert (made.at_once.reasons, made.waited.reasons) == (1.0, 1.0)
    assert made.waited.share == 1.0, "Ada was back, and had no case"
    assert (made.at_once.share or 0) < 0.5, "of the others, Cleo alone was back by then"


def test_the_same_day_again_changes_nothing(small: World) -> None:
    who = ids(small, *NAMES)
    found = [finding(each) for each in who]
    small.screen(*found, order=who)
    before = small.dump()

    result = small.screen(*found, order=who)

    assert (result.cases_opened, result.waiting) == (0, 2)
    assert small.dump() == before


def test_somebody_stronger_goes_before_those_who_wait(small: World) -> None:
    ada, ben, cleo, dov = ids(small, *NAMES)
    small.screen(*(finding(each) for each in (ada, ben, cleo)), order=[ada, ben, cleo])
    eli = small.student("eli")
    small.clock.forward(days=1)
    found = [finding(each) for each in (ada, ben, cleo, dov, eli)]

    small.screen(*found, order=[dov, eli, cleo, ada, ben])

    assert set(with_case(small)) == {ada, ben, dov, eli}
    assert queue(small) == [cleo]


def test_who_is_not_found_today_waits_on_and_is_not_taken_up(small: World) -> None:
    ada, ben, cleo, _ = ids(small, *NAMES)
    small.screen(*(finding(each) for each in (ada, ben, cleo)), order=[ada, ben, cleo])
    small.clock.forward(days=1)

    small.screen(order=[cleo])

    assert queue(small) == [cleo]
    assert cleo not in with_case(small)


def test_what_clears_while_it_waits_leaves_the_queue(small: World) -> None:
    ada, ben, cleo, _ = ids(small, *NAMES)
    small.screen(*(finding(each) for each in (ada, ben, cleo)), order=[ada, ben, cleo])
    small.clock.forward(days=7)

    small.screen()

    assert queue(small) == []
    assert {row["state"] for row in small.rows(flags, student_id=cleo)} == {FlagState.CLEARED}
    assert small.rows(queued) == []


def test_a_flag_of_somebody_with_a_case_takes_nobodys_room(small: World) -> None:
    ada, ben, cleo, dov = ids(small, *NAMES)
    small.screen(finding(ada), order=[ada])
    small.clock.forward(days=1)
    essay = finding(ada, "Essay", rule="missed-submission", family=MarkerFamily.SUBMISSIONS)

    small.screen(finding(ada), essay, *(finding(each) for each in (ben, cleo, dov)))

    assert len(with_case(small)) == 3
    assert len({row["case_id"] for row in small.rows(flags, student_id=ada)}) == 1


def test_without_an_order_more_families_come_first(small: World) -> None:
    ada, ben, cleo, _ = ids(small, *NAMES)
    second = finding(cleo, rule="attendance", family=MarkerFamily.ATTENDANCE, module="FR101")

    small.screen(finding(ada), finding(ben), finding(cleo), second)

    assert set(with_case(small)) == {cleo, ada}
    assert queue(small) == [ben]


def test_the_room_is_that_of_the_home_school(small: World) -> None:
    """Mathematics has capacity for ten, so its student does not wait behind those of Languages."""
    mira = small.student("mira")
    who = [*ids(small, *NAMES[:3]), mira]

    small.screen(*(finding(each) for each in who), order=who)

    assert mira in with_case(small)
    assert queue(small, LANGUAGES, MATHEMATICS) == [who[2]]


def test_a_line_says_what_a_case_would_and_no_name(small: World) -> None:
    who = ids(small, *NAMES[:3])
    small.screen(*(finding(each) for each in who), order=who)

    with small.store.database.read() as connection:
        (line,) = waiting(connection, [small.school()])

    assert (line.student, line.level, line.families) == (who[2], "undergraduate", 1)
    assert line.reasons == ("No activity since Monday 6 October.",)
    assert "Cleo" not in repr(line)


def test_two_schools_at_once_keep_to_the_room(small: World) -> None:
    who = ids(small, *NAMES)

    results = together(
        lambda: small.screen(*(finding(each) for each in who[:3]), order=who),
        lambda: small.screen(*(finding(each) for each in who[2:]), school=MATHEMATICS, order=who),
    )

    assert len(results) == 2
    assert len(with_case(small)) == 2
    assert len(queue(small)) == 2
    assert small.store.verify_audit() is None
