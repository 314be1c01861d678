"""Capacity for new cases in a day, strongest first, and the limit of a surge."""

from store.policies.document import parse
from store.rules.flags.capacity import ModuleSurge, Room, strongest, surges
from store.rules.policies.policy import Surge as SurgePolicy
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
