"""The legal days of a student's request for a copy of their data, and of a complaint about it."""

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.rules.errors import InvalidInput
from store.rules.students.bank_holidays import bank_holidays, working_day_from
from store.rules.students.data_requests import (
    MOST_EXTRA,
    Stop,
    check_extension,
    dates_of_complaint,
    dates_of_copy,
)

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2035, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-09-03", "2026-10-05"),  # 3 October is a Saturday
        ("2025-01-31", "2025-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2026-11-25", "2026-12-29"),  # Christmas, then a Saturday, a Sunday and the day instead
        ("2027-02-26", "2027-03-30"),  # Good Friday, and Easter Monday on 29 March
        ("2026-12-01", "2027-01-04"),
    ],
)
def test_a_month_ends_on_the_same_day_and_on_a_working_day(received: str, by: str) -> None:
    assert dates_of_copy(day(received), (), 0, day(received)).answer_by == day(by)


def test_the_bank_holidays_are_those_that_the_government_lists() -> None:
    assert bank_holidays(2027) == {
        dt.date(2027, month, number)
        for month, number in (
            *((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
        )
    }
    assert {day("2026-12-25"), day("2026-12-28")} <= bank_holidays(2026)
    assert day("2028-01-03") in bank_holidays(2028)


SPANS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 60)), max_size=4)


@given(received=DAYS, spans=SPANS, extra=st.integers(0, MOST_EXTRA))
def test_a_stop_never_shortens_and_a_day_counts_once(
    received: dt.date, spans: list[tuple[int, int]], extra: int
) -> None:
    stops = [
        Stop(received + dt.timedelta(days=after), received + dt.timedelta(days=after + length))
        for after, length in spans
    ]
    today = received + dt.timedelta(days=200)
    plain = dates_of_copy(received, (), extra, today)
    dates = dates_of_copy(received, stops, extra, today)
    assert dates.answer_by == working_day_from(dates.answer_by)
    assert dates.answer_by >= plain.answer_by >= received + dt.timedelta(days=28)
    assert max((length for _, length in spans), default=0) <= dates.stopped_days
    assert dates.stopped_days <= sum(length for _, length in spans)
    assert not dates.is_stopped
    for order in list(permutations(stops))[:6]:
        assert dates_of_copy(received, order, extra, today) == dates


@given(received=DAYS, after=st.integers(0, 27), waits=st.integers(0, 40))
def test_an_open_question_takes_a_day_of_the_date_with_each_day(
    received: dt.date, after: int, waits: int
) -> None:
    asked = received + dt.timedelta(days=after)
    today = asked + dt.timedelta(days=waits)
    is_open = dates_of_copy(received, [Stop(asked)], 0, today)
    assert (is_open.is_stopped, is_open.is_overdue(today)) == (True, False)
    answered = dates_of_copy(received, [Stop(asked, today)], 0, today)
    assert answered.answer_by == is_open.answer_by
    assert not answered.is_overdue(today)


def test_the_time_is_extended_once_and_within_the_first_month() -> None:
    received = day("2026-09-01")
    first = dates_of_copy(received, (), 0, received)
    check_extension(2, 0, first, day("2026-10-01"))
    assert dates_of_copy(received, (), 2, received).answer_by == day("2026-12-01")
    for months, extra, today in ((1, 2, "2026-09-02"), (3, 0, "2026-09-02"), (2, 0, "2026-10-02")):
        with pytest.raises(InvalidInput):
            check_extension(months, extra, first, day(today))


def test_a_complaint_is_acknowledged_within_thirty_days_and_answered() -> None:
    dates = dates_of_complaint(day("2026-11-19"), is_acknowledged=False)
    assert (dates.acknowledge_by, dates.next_day) == (day("2026-12-21"), day("2026-12-21"))
    assert dates.is_near(day("2026-12-14"))
    assert dates.is_overdue(day("2026-12-22"))
    assert dates_of_complaint(day("2026-11-19"), is_acknowledged=True).acknowledge_by is None
