"""Dates in the forms that people type."""

import datetime as dt

import pytest

from store.rules.errors import InvalidInput
from store.rules.text.date_parsing import day_meant, past_day

WEDNESDAY = dt.date(2025, 10, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", dt.date(2025, 10, 22)),
        ("Tomorrow", dt.date(2025, 10, 23)),
        ("friday", dt.date(2025, 10, 24)),
        ("  on  FRIDAY ", dt.date(2025, 10, 24)),
        ("wednesday", dt.date(2025, 10, 29)),
        ("next mon", dt.date(2025, 10, 27)),
        ("in 2 weeks", dt.date(2025, 11, 5)),
        ("in a week", dt.date(2025, 10, 29)),
        ("in 10 days", dt.date(2025, 11, 1)),
        ("12 december", dt.date(2025, 12, 12)),
        ("1st Nov", dt.date(2025, 11, 1)),
        ("1 march", dt.date(2026, 3, 1)),
        ("until friday", dt.date(2025, 10, 24)),
        ("Till the 1st of March", dt.date(2026, 3, 1)),
        ("from  2026-03-01", dt.date(2026, 3, 1)),
        ("on the 1st of March", dt.date(2026, 3, 1)),
        ("March 1", dt.date(2026, 3, 1)),
        ("March 1, 2027", dt.date(2027, 3, 1)),
        ("next monday", dt.date(2025, 10, 27)),
        ("in two weeks", dt.date(2025, 11, 5)),
        ("3 january", dt.date(2026, 1, 3)),
        ("3 january 2025", dt.date(2025, 1, 3)),
        ("2026-02-28", dt.date(2026, 2, 28)),
        ("١٢ may", dt.date(2026, 5, 12)),
        ("in ٢ weeks", dt.date(2025, 11, 5)),
    ],
)
def test_what_is_meant(text: str, day: dt.date) -> None:
    assert day_meant(text, WEDNESDAY) == day


def test_a_leap_day_is_the_next_one_within_a_year() -> None:
    assert day_meant("29 february", dt.date(2027, 10, 22)) == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "30 february", "2026-02-30", "in 9999 weeks", "friday week", "12"],
)
def test_what_is_no_day_says_which_forms_there_are(text: str) -> None:
    with pytest.raises(InvalidInput, match="such as friday"):
        day_meant(text, WEDNESDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", dt.date(2025, 10, 22)),
        ("yesterday", dt.date(2025, 10, 21)),
        ("friday", dt.date(2025, 10, 17)),
        ("last Monday", dt.date(2025, 10, 20)),
        ("wednesday", dt.date(2025, 10, 22)),
        ("2 weeks ago", dt.date(2025, 10, 8)),
        ("a week ago", dt.date(2025, 10, 15)),
        ("1 october", dt.date(2025, 10, 1)),
        ("22 october", WEDNESDAY),
        ("March 1", dt.date(2025, 3, 1)),
        ("12 december", dt.date(2024, 12, 12)),
        ("٢ weeks ago", dt.date(2025, 10, 8)),
        ("2025-10-22", dt.date(2025, 10, 22)),
    ],
)
def test_what_has_been(text: str, day: dt.date) -> None:
    assert past_day(text, WEDNESDAY) == day


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "next friday", "in 2 weeks", "2025-10-23", "12 december 2025", "then"]
)
def test_what_has_not_been_is_one_sentence(text: str) -> None:
    with pytest.raises(
        InvalidInput,
        match=r"^Give a day in the past, as in 2026-10-01, 1 october, friday or today\.$",
    ) as refused:
        past_day(text, WEDNESDAY, "first")
    assert refused.value.field == "first"
