"""Capacity for new cases in a day, strongest first, and the limit of a surge."""

import datetime as dt
from dataclasses import replace

from store.policies.document import parse
from store.rules.flags.capacity import ModuleSurge, Room, next_in_turn, strongest, surges
from store.rules.flags.surging import in_question, modules_about, surging
from store.rules.model import MarkerFamily
from store.rules.policies.policy import Surge as SurgePolicy
from tests.people import finding
from tests.store.policy_example import DOCUMENT


def test_the_strongest_come_first_and_whoever_has_no_place_comes_last() -> None:
    assert strongest({1, 2, 3, 9}, [3, 7, 1], 3) == [3, 1, 2]
    assert strongest({1, 2}, [2, 1], 0) == []
    assert strongest({1, 2}, [2, 1], -4) == [], "more were opened by hand than there was room for"


def test_there_is_room_for_so_many_and_never_for_a_surge() -> None:
    assert (Room(10).on(100), Room(10).on(1_000), Room(10).on(3)) == (5, 10, 1)


def test_a_share_is_taken_as_it_is_written() -> None:
    assert Room(surge_share=0.29).before_a_surge(100) == 29


def test_a_school_says_how_much_room_it_has() -> None:
    document = "capacity = 4\n" + DOCUMENT + "[surge]\nshare = 0.1\nat_least = 3\n"
    policy = parse(document, "language.toml")
    assert policy.surge == SurgePolicy(0.1, 3)
    assert Room.of(policy) == Room(4, 0.1, 3)


def test_more_than_the_share_of_a_class_on_one_day_is_a_surge() -> None:
    flagged = {n: {"FR101"} for n in range(6)} | {9: {"FR101", "DE101"}, 10: {"GONE"}}
    room = Room(surge_share=0.05, surge_from=5)
    assert surges(flagged, {"FR101": 100, "DE101": 10}, room) == [ModuleSurge("FR101", 7, 100)]
    assert surges(flagged, {"FR101": 140, "DE101": 10}, room) == []


def test_a_small_class_does_not_surge_by_one_or_two() -> None:
    flagged = {n: {"FR101"} for n in range(5)}
    assert surges(flagged, {"FR101": 6}, Room(surge_from=5)) == []


def test_the_largest_share_is_named_first() -> None:
    flagged = {n: {"A", "B"} for n in range(10)}
    found = surges(flagged, {"A": 100, "B": 20}, Room())
    assert [(each.module, each.share) for each in found] == [("B", 0.5), ("A", 0.1)]


# -- Turns: no student waits for ever ----------------------------------------------------------

MONDAY = dt.date(2025, 10, 6)


def test_every_fifth_place_goes_to_the_longest_wait_and_the_others_to_the_evidence() -> None:
    since = dict.fromkeys(range(1, 21), MONDAY) | {30: MONDAY - dt.timedelta(days=8)}
    order = [*range(1, 21), 30]
    chosen = next_in_turn(since, order, MONDAY, 10)
    assert len(chosen) == 10
    assert 30 in chosen, "the weakest evidence, and the longest wait"
    assert set(chosen) - {30} == set(range(1, 10))
    assert next_in_turn(dict.fromkeys(since, MONDAY), order, MONDAY, 10) == order[:10]
    assert next_in_turn(since, order, MONDAY, 10, taken=10) == []
    assert next_in_turn(since, order, MONDAY, 10, taken=12) == []
    assert sorted(next_in_turn(since, order, MONDAY, 99)) == sorted(since)


def test_nobody_waits_for_ever_though_stronger_evidence_comes_each_day() -> None:
    """One place a day and two stronger newcomers each day: the weakest is still taken up."""
    waiting, taken = {0: MONDAY}, list[int]()
    for n in range(40):
        day = MONDAY + dt.timedelta(days=n)
        waiting |= {2 * n + 1: day, 2 * n + 2: day}
        for each in next_in_turn(waiting, sorted(waiting, reverse=True), day, 1):
            taken.append(each)
            del waiting[each]
    assert 0 in taken[:17], "after a week, and one other who had waited as long"
    assert len(taken) == 40


# -- A surge that a deadline explains ----------------------------------------------------------


def test_missed_work_whose_class_has_handed_in_is_no_question_where_the_policy_says_so() -> None:
    room = Room(surge_share=0.05, surge_from=2)
    explains = replace(room, holds_missed_work=False)
    measured = {"due": (MONDAY - dt.timedelta(days=8)).isoformat()}
    late = [
        replace(finding(n), family=MarkerFamily.SUBMISSIONS, measured=measured) for n in range(3)
    ]
    also_quiet = [replace(finding(n), rule="quiet-weeks") for n in range(3)]
    raised = [*late, *also_quiet, finding(9)]
    assert in_question(raised, MONDAY, room) == raised
    assert in_question(raised, MONDAY, explains) == [finding(9)]
    much_later = MONDAY + dt.timedelta(days=30)
    assert in_question(raised, much_later, explains) == raised, "no longer compared with the class"


def test_a_flag_about_no_module_is_held_with_its_student_s_modules() -> None:
    everywhere = [replace(finding(n), module=None) for n in range(7)]
    about = modules_about(everywhere, {n: {"A", "B"} for n in range(7)})
    found = list(surging(about, {"A": 100, "B": 20}, Room()))
    assert [(surge.module, len(which)) for surge, which in found] == [("B", 7), ("A", 7)]
