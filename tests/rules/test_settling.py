"""Late work of a source that corrects its days: which is waited for, and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from store.rules.flag_rules.arrivals import ClassWork, held_work
from store.rules.flag_rules.settling import (
    REMEMBERED,
    SETTLES,
    is_correction,
    is_remembered,
    unsettled_work,
)

FRIDAY = dt.date(2027, 2, 12)
USUAL: Mapping[int, int] = {0: 50, 1: 1, 4: 3}
"""Days after the due date → the students of a class of 60 that hand in on that day."""
ONE_DAY = dt.timedelta(days=1)


def work(item: str, due: dt.date, came: Mapping[int, int] = USUAL, school: str = "A") -> ClassWork:
    return ClassWork(school, "hand-in", f"{school}1", item, due, 60, came)


EARLIER = [work(f"Work {n}", FRIDAY - n * dt.timedelta(weeks=2)) for n in range(1, 6)]


def unsettled(on: Mapping[int, int], last: dt.date, *others: ClassWork) -> set[str]:
    works = [*EARLIER, work("New", FRIDAY, on), *others]
    assert held_work(works, last) == [], "the class's number is as usual"
    return {each.item for each in unsettled_work(works, last)}


def test_a_day_that_lacks_late_work_is_waited_for_until_it_settles() -> None:
    # Late essays usually come on Tuesday, four days after; one may come a day earlier or later.
    tuesday = FRIDAY + 4 * ONE_DAY
    spread = {0: 46, 3: 1, 4: 3, 5: 1}
    for lost in (3, 4, 5):
        on = {days: came for days, came in spread.items() if days != lost}
        day = FRIDAY + lost * ONE_DAY
        assert unsettled(on, day) == {"New"}
        assert unsettled(on, day + SETTLES - ONE_DAY) == {"New"}
        assert unsettled(on, day + SETTLES) == set()
    assert unsettled(spread, tuesday + 2 * ONE_DAY) == set(), "each day had its usual number"


def test_only_work_that_may_have_come_on_such_a_day_waits() -> None:
    last = FRIDAY + 10 * ONE_DAY
    old, later = work("Old", FRIDAY - 4 * ONE_DAY), work("Later", last)
    other = [replace(each, school="B") for each in EARLIER]
    other += [work("Other", FRIDAY, {0: 46, 3: 1, 4: 3, 5: 1}, school="B")]
    assert unsettled({0: 50}, last, old, later, *other) == {"New"}


def test_without_a_habit_a_class_is_taken_to_have_some_late_work() -> None:
    first = [work("First", FRIDAY, {0: 50, 3: 1})]
    assert unsettled_work(first, FRIDAY + 3 * ONE_DAY) == []
    assert unsettled_work(first, FRIDAY + 4 * ONE_DAY) == first
    few = ClassWork("A", "hand-in", "A1", "Few", FRIDAY, 10, {0: 9})
    assert unsettled_work([few], FRIDAY + 4 * ONE_DAY) == [], "in a small class no one is late"


@pytest.mark.parametrize(
    ("days", "is_one"), [(1, False), (3, False), (4, True), (28, True), (29, False)]
)
def test_what_arrives_soon_or_long_after_is_no_correction(days: int, is_one: bool) -> None:
    assert is_correction(FRIDAY, FRIDAY + days * ONE_DAY) is is_one


def test_a_correction_is_remembered_for_four_weeks() -> None:
    assert not is_remembered(FRIDAY, FRIDAY - ONE_DAY), "a morning before it, looked at again"
    assert is_remembered(FRIDAY, FRIDAY)
    assert is_remembered(FRIDAY, FRIDAY + REMEMBERED - ONE_DAY)
    assert not is_remembered(FRIDAY, FRIDAY + REMEMBERED)
