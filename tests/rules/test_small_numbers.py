"""Figures about few people: rounded, withheld, and as of the end of whole weeks."""

from __future__ import annotations

import datetime as dt

import pytest

from store.rules.small_numbers import EXACT, PUBLISHED, ReportPeriod, rounded, share, whole_weeks

MONDAY = dt.date(2025, 10, 20)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("people", "said"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
)
def test_a_published_count_is_to_the_nearest_five(people: int, said: int) -> None:
    assert (rounded(people), PUBLISHED.number(people), EXACT.number(people)) == (said, said, people)


def test_a_percentage_needs_enough_people_and_is_of_the_rounded_counts() -> None:
    assert share(11, 22) is None
    assert share(11, 23) == PUBLISHED.share(11, 23) == 10 / 25
    assert share(23, 23) == 1.0
    assert share(28, 27) == 1.0, "never above all"
    assert PUBLISHED.share(30, 60, people=22) is None
    assert PUBLISHED.share(10, 20, people=23) == 0.5
    assert EXACT.share(1, 3) == 1 / 3
    assert EXACT.share(0, 0) is None


def test_an_average_needs_eight_people_where_it_is_published() -> None:
    assert [PUBLISHED.average("x", people) for people in (0, 7, 8)] == [None, None, "x"]
    assert [EXACT.average("x", people) for people in (0, 1)] == [None, "x"]


def test_parts_that_round_to_nothing_are_left_out() -> None:
    counts = [("a", 2), ("b", 3), ("c", 0)]
    assert PUBLISHED.parts(counts) == (("b", 5),)
    assert EXACT.parts(counts) == (("a", 2), ("b", 3))


def test_a_report_holds_whole_weeks_and_the_days_before_its_end() -> None:
    weeks = whole_weeks(MONDAY + 2 * DAY, MONDAY + 13 * DAY)
    assert weeks == ReportPeriod(MONDAY, MONDAY + 7 * DAY)
    assert whole_weeks(MONDAY + 9 * DAY, MONDAY) == ReportPeriod(MONDAY + 7 * DAY, MONDAY + 7 * DAY)
    days = [MONDAY - DAY, MONDAY, MONDAY + 6 * DAY, MONDAY + 7 * DAY]
    assert [weeks.holds(day) for day in days] == [False, True, True, False]
    assert [weeks.known(day) for day in days] == [True, True, True, False]
    open_end = ReportPeriod(MONDAY)
    assert [open_end.holds(day) for day in days] == [False, True, True, True]
    assert all(open_end.known(day) for day in days)
