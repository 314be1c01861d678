"""A card's chart: one marker by teaching week, and no zero where no session was held."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flag_rules.session_weeks import (
    active_days,
    class_by_week,
    said_of_week,
    sessions_by_week,
    stored_days,
    stored_median,
    stored_sessions,
    stored_weeks,
)
from store.rules.model import MarkerFamily

WEDNESDAY = dt.date(2025, 10, 22)


def _measure(family: MarkerFamily, seen: int, expected: int) -> Measure:
    return Measure(
        student=1,
        module="FR101",
        family=family,
        source="registers",
        fresh=WEDNESDAY - dt.timedelta(days=1),
        last_done=None,
        active_days_28=0,
        expected_28=0,
        done_28=0,
        days_seen=seen,
        days_expected=expected,
    )


def _bits(*days: dt.date) -> int:
    return sum(1 << (WEDNESDAY - day).days - 1 for day in days)


def test_weeks_run_from_monday_and_one_without_sessions_is_no_zero() -> None:
    monday = dt.date(2025, 10, 20)
    sunday, thursday = monday - dt.timedelta(days=1), monday - dt.timedelta(days=4)
    two_weeks_ago = monday - dt.timedelta(days=13)
    held = _bits(monday, thursday, sunday, two_weeks_ago)
    one = _measure(MarkerFamily.ATTENDANCE, _bits(thursday, sunday), held)
    evidence = Evidence(1, (one,), weeks=(1,) * 8)
    assert sessions_by_week(evidence, WEDNESDAY) == (*(None,) * 5, 0, 2, 0)


def test_the_class_median_is_added_up_over_the_modules_that_met() -> None:
    monday = dt.date(2025, 10, 20)
    wednesday = monday - dt.timedelta(days=5)
    middles = (*(None,) * 5, 2.0, 1.5, 1.0)
    french = replace(
        _measure(MarkerFamily.ATTENDANCE, 0, _bits(monday, wednesday)), class_sessions=middles
    )
    spanish = replace(french, module="SP101", days_expected=_bits(wednesday))
    both = Evidence(1, (french, spanish))
    # Neither module met two weeks ago; Spanish has not met this week.
    assert class_by_week(both, WEDNESDAY) == (*(None,) * 6, 3.0, 1.0)
    kept = stored_weeks(both, WEDNESDAY, Calendar())
    assert stored_median(kept) == class_by_week(both, WEDNESDAY)
    small = replace(spanish, class_sessions=())
    assert class_by_week(Evidence(1, (french, small)), WEDNESDAY) == (*(None,) * 7, 1.0), (
        "a class with fewer than ten students with data has no median"
    )
    assert class_by_week(Evidence(1, (small,)), WEDNESDAY) == ()


def test_other_families_are_never_added() -> None:
    busy = _measure(MarkerFamily.VLE, (1 << 56) - 1, (1 << 56) - 1)
    assert sessions_by_week(Evidence(1, (busy,)), WEDNESDAY) == ()


def test_what_is_stored_is_read_again_and_what_earlier_versions_stored_is_not_charted() -> None:
    one = _measure(MarkerFamily.ATTENDANCE, 1, 1)
    kept = stored_weeks(Evidence(1, (one,), weeks=(3,) * 8), WEDNESDAY, Calendar())
    assert stored_sessions(kept) == (*(None,) * 7, 1)
    assert active_days(kept) == (3,) * 8
    assert stored_days(kept) == (*((5, 5),) * 7, (2, 2))
    assert stored_sessions((3,) * 8) == ()
    assert stored_days((3,) * 8) == stored_days(({"sessions": [1] * 8}, 3)) == ()
    assert stored_sessions(()) == ()


def test_what_was_not_measured_is_neither_a_zero_nor_no_sessions() -> None:
    """Delivered up to Monday 6 October: one day of that week, nothing of the next two weeks."""
    monday = dt.date(2025, 10, 6)
    one = _measure(MarkerFamily.ATTENDANCE, 0, _bits(monday - dt.timedelta(days=7), monday))
    unknown = frozenset(monday + dt.timedelta(days=n) for n in range(1, 30))
    evidence = Evidence(1, (one,), weeks=(0,) * 8, unmeasured={"registers": unknown})
    kept = stored_weeks(evidence, WEDNESDAY, Calendar())
    said = [
        said_of_week(attended, *days)
        for attended, days in zip(stored_sessions(kept), stored_days(kept), strict=True)
    ]
    assert said == [
        *["no sessions"] * 4,
        "0",
        "0 (1 of 5 days measured)",
        "no data",
        "no data",
    ]
    assert said_of_week(None, 1, 5) == "no sessions (1 of 5 days measured)"
    assert said_of_week(None, 0, 0) == "no sessions", "a week of vacation asks for no data"
