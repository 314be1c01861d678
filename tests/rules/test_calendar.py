"""The calendar: days on which inactivity counts, working hours and quiet hours."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.rules.calendar import LONGEST_PAUSE, Calendar, Period, believed, institution_day

CALENDAR = Calendar(
    terms=(
        Period("Autumn", dt.date(2025, 9, 22), dt.date(2026, 1, 9)),
        Period("Spring", dt.date(2026, 1, 19), dt.date(2026, 4, 3)),
    ),
    closures=(Period("Winter closure", dt.date(2025, 12, 20), dt.date(2026, 1, 4)),),
)
days = st.dates(dt.date(2025, 8, 1), dt.date(2026, 5, 31))


def at(text: str) -> dt.datetime:
    """Return an instant in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_period_has_both_its_ends() -> None:
    period = Period("Week", dt.date(2025, 10, 6), dt.date(2025, 10, 10))
    assert dt.date(2025, 10, 6) in period
    assert dt.date(2025, 10, 10) in period
    assert dt.date(2025, 10, 5) not in period
    assert dt.date(2025, 10, 11) not in period
    assert "2025-10-06" not in period


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2025-09-21", False),  # the day before term
        ("2025-09-22", True),
        ("2025-10-04", True),  # a Saturday in term
        ("2025-12-19", True),
        ("2025-12-20", False),
        ("2026-01-04", False),
        ("2026-01-05", True),
        ("2026-01-10", False),  # between the terms
    ],
)
def test_silence_means_something_in_term_outside_closures(day: str, counts: bool) -> None:
    assert CALENDAR.counts(dt.date.fromisoformat(day)) is counts


def test_without_terms_every_day_but_closures_counts() -> None:
    continuous = replace(CALENDAR, terms=())
    assert continuous.counts(dt.date(2025, 8, 1))
    assert not continuous.counts(dt.date(2025, 12, 25))


def test_the_winter_closure_is_no_silence() -> None:
    assert CALENDAR.silent_days(dt.date(2025, 12, 17), dt.date(2025, 12, 19)) == 2
    assert CALENDAR.silent_days(dt.date(2025, 12, 17), dt.date(2026, 1, 4)) == 2
    assert CALENDAR.silent_days(dt.date(2025, 12, 17), dt.date(2026, 1, 5)) == 3


def test_no_days_are_silent_up_to_the_day_itself_or_backwards() -> None:
    assert CALENDAR.silent_days(dt.date(2025, 10, 6), dt.date(2025, 10, 6)) == 0
    assert CALENDAR.silent_days(dt.date(2025, 10, 6), dt.date(2025, 10, 1)) == 0


@given(day=days, silent=st.integers(0, 40))
def test_day_before_is_the_latest_day_that_is_silent_for_so_long(day: dt.date, silent: int) -> None:
    last = CALENDAR.day_before(day, silent)
    if CALENDAR.silent_days(day - dt.timedelta(days=730), day) >= silent:
        assert CALENDAR.silent_days(last, day) >= silent
        assert CALENDAR.silent_days(last + dt.timedelta(days=1), day) < silent or last == day
    else:
        assert last == day - dt.timedelta(days=730)


def test_working_days_leave_out_weekends_and_closures() -> None:
    friday = dt.date(2025, 12, 19)
    assert CALENDAR.add_school_days(friday, 0) == friday
    assert CALENDAR.add_school_days(friday, 1) == dt.date(2026, 1, 5)
    assert CALENDAR.add_school_days(dt.date(2025, 10, 3), 3) == dt.date(2025, 10, 8)


@pytest.mark.parametrize(
    ("instant", "quiet"),
    [
        ("2025-10-20T06:59:59", True),  # 07:59:59 in London, summer time
        ("2025-10-20T07:00", False),
        ("2025-10-20T16:59:59", False),
        ("2025-10-20T17:00", True),
        ("2025-10-27T07:59:59", True),  # after the clocks went back
        ("2025-10-27T08:00", False),
        ("2025-10-25T11:00", True),  # a Saturday
        ("2025-12-23T11:00", True),  # a closure
    ],
)
def test_quiet_hours_are_the_school_s_own_clock(instant: str, quiet: bool) -> None:
    assert CALENDAR.is_quiet(at(instant)) is quiet


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = replace(CALENDAR, quiet_from=dt.time(12), quiet_until=dt.time(13))
    assert not noon.is_quiet(at("2025-10-27T11:59"))
    assert noon.is_quiet(at("2025-10-27T12:00"))
    assert not noon.is_quiet(at("2025-10-27T13:00"))
    assert noon.end_of_quiet(at("2025-10-27T12:30")) == at("2025-10-27T13:00")


@pytest.mark.parametrize(
    ("instant", "end"),
    [
        ("2025-10-20T11:00", "2025-10-20T11:00"),
        ("2025-10-20T04:00", "2025-10-20T07:00"),
        ("2025-10-20T20:00", "2025-10-21T07:00"),
        ("2025-10-24T20:00", "2025-10-27T08:00"),  # over the weekend and the change of clocks
        ("2025-12-19T20:00", "2026-01-05T08:00"),
    ],
)
def test_quiet_ends_on_the_next_school_morning(instant: str, end: str) -> None:
    assert CALENDAR.end_of_quiet(at(instant)) == at(end)


@given(day=days, clock=st.times())
def test_nothing_is_quiet_when_quiet_has_ended(day: dt.date, clock: dt.time) -> None:
    now = dt.datetime.combine(day, clock, dt.UTC)
    end = CALENDAR.end_of_quiet(now)
    assert end >= now
    assert not CALENDAR.is_quiet(end)


def test_a_closure_without_end_delays_an_email_by_sixty_days() -> None:
    now = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
    closed = Calendar(closures=(Period("Long", now.date(), dt.date(2026, 12, 31)),))
    assert closed.end_of_quiet(now) == now + dt.timedelta(days=60)


def test_quiet_hours_that_begin_when_they_end_are_none() -> None:
    """A school that switches quiet hours off keeps its closures and weekends."""
    none = replace(CALENDAR, quiet_from=dt.time(0), quiet_until=dt.time(0))
    assert not any(none.is_quiet(at(f"2025-10-22T{hour:02}:00")) for hour in range(24))
    assert none.end_of_quiet(at("2025-10-25T12:00")) == at("2025-10-27T00:00")


def test_the_institution_s_day_is_london_s_wherever_the_machine_is() -> None:
    assert institution_day(at("2025-07-01T22:59")) == dt.date(2025, 7, 1)
    assert institution_day(at("2025-07-01T23:00")) == dt.date(2025, 7, 2)
    assert institution_day(at("2025-12-01T23:59")) == dt.date(2025, 12, 1)


def test_a_pause_is_believed_for_an_hour_at_most() -> None:
    now = at("2025-10-22T09:00")
    for free_at, believed_end in [
        (now - dt.timedelta(seconds=1), now),
        (now + dt.timedelta(seconds=1), now + dt.timedelta(seconds=1)),
        (now + LONGEST_PAUSE, now + LONGEST_PAUSE),
        (now + LONGEST_PAUSE + dt.timedelta(seconds=1), now),
    ]:
        assert believed(free_at, now) == believed_end


def test_another_calendar_remembers_nothing_of_the_one_it_was_made_from() -> None:
    day = dt.date(2025, 10, 6)
    assert CALENDAR.counts(day)
    closed = replace(CALENDAR, closures=(Period("Flood", day, day),))
    assert not closed.counts(day)
    assert CALENDAR.counts(day)
    assert closed == replace(CALENDAR, closures=closed.closures)
