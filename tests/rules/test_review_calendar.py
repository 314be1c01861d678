"""The due date of a policy's review."""

import datetime as dt

import pytest

from store.rules.policies.review_calendar import months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2025, 1, 31), 1, dt.date(2025, 2, 28)),
        (dt.date(2025, 10, 31), 1, dt.date(2025, 11, 30)),
        (dt.date(2025, 11, 30), 1, dt.date(2025, 12, 30)),
        (dt.date(2025, 11, 30), 12, dt.date(2026, 11, 30)),
        (dt.date(2025, 12, 31), 2, dt.date(2026, 2, 28)),
        (dt.date(2025, 12, 15), 12, dt.date(2026, 12, 15)),
        (dt.date(2026, 1, 31), -1, dt.date(2025, 12, 31)),
        (dt.date(2026, 3, 31), -13, dt.date(2025, 2, 28)),
        (dt.date(2025, 9, 1), 12, dt.date(2026, 9, 1)),
        (dt.date(2025, 8, 31), 6, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2025, 1, 31), 36, dt.date(2028, 1, 31)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2025, 11, 15), 2, dt.date(2026, 1, 15)),
        (dt.date(2025, 12, 31), 12, dt.date(2026, 12, 31)),
        (dt.date(2025, 1, 15), -1, dt.date(2024, 12, 15)),
        (dt.date(2025, 3, 31), -1, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), -12, dt.date(2023, 2, 28)),
        (dt.date(2025, 10, 22), 0, dt.date(2025, 10, 22)),
    ],
)
def test_months_are_counted_over_the_year_s_end(day: dt.date, months: int, later: dt.date) -> None:
    assert months_later(day, months) == later
