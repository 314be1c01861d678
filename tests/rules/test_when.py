"""Days as people type them."""

import datetime as dt

import pytest

from store.rules.errors import InvalidInput
from store.rules.when import day_meant

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
        ("3 january", dt.date(2026, 1, 3)),
        ("3 january 2025", dt.date(2025, 1, 3)),
        ("2026-02-28", dt.date(2026, 2, 28)),
    ],
)
def test_what_is_meant(text: str, day: dt.date) -> None:
    assert day_meant(text, WEDNESDAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "30 february", "2026-02-30", "in 9999 weeks", "friday week", "12", "١٢ may"],
)
def test_what_is_no_day_says_which_forms_there_are(text: str) -> None:
    with pytest.raises(InvalidInput, match="such as friday"):
        day_meant(text, WEDNESDAY)
