"""A student's weeks: each marker separate, unknown not zero, excused not expected."""

import datetime as dt
from dataclasses import replace

from store.rules.calendar import Calendar, Period
from store.rules.model import MarkerFamily
from store.rules.students.own_weeks import (
    MOST_WEEKS,
    WITHOUT_TERMS,
    Excuse,
    MarkerWeeks,
    OwnRow,
    TeachingWeek,
    excused_between,
    teaching_weeks,
    weeks_of,
)

MONDAY = dt.date(2025, 10, 6)
WEEKS = (TeachingWeek(MONDAY, 3), TeachingWeek(MONDAY + dt.timedelta(days=7), 4))
EVERY_DAY = frozenset(MONDAY + dt.timedelta(days=each) for each in range(14))
CLASS = OwnRow(MONDAY, "register", "FR101", MarkerFamily.ATTENDANCE, "a", 1, 1)


def later(row: OwnRow, days: int, **changes: object) -> OwnRow:
    return replace(row, day=row.day + dt.timedelta(days=days), **changes)  # type: ignore[arg-type]


def of(*rows: OwnRow, measured: frozenset[dt.date] = EVERY_DAY, **more: object) -> MarkerWeeks:
    given = {"since": {"FR101": dt.date(2025, 9, 22)}} | more
    (found,) = weeks_of(rows, WEEKS, measured={rows[0].source: measured}, **given)  # type: ignore[arg-type]
    return found


def figures(marker: MarkerWeeks) -> list[tuple[int, int]]:
    return [(each.done, each.expected) for each in marker.weeks]


def test_sessions_are_seen_of_expected() -> None:
    found = of(CLASS, later(CLASS, 2, done=0), later(CLASS, 7))
    assert figures(found) == [(1, 2), (1, 1)]
    assert (found.top, found.expects) == (2, True)
    assert [each.week for each in found.weeks] == list(WEEKS)
    middles = {(("FR101", MarkerFamily.ATTENDANCE, "register"), MONDAY): 6.5}
    beside = of(CLASS, middles=middles)
    assert (beside.top, [each.middle for each in beside.weeks]) == (6.5, [6.5, None])


def test_a_piece_of_work_counts_in_the_week_in_which_it_was_due() -> None:
    work = replace(CLASS, family=MarkerFamily.SUBMISSIONS, source="turnitin", item="Essay")
    early = later(work, -3, expected=0)
    due = later(work, 8, done=0)
    other = later(due, 0, item="Report")
    assert figures(of(early, due, other)) == [(0, 0), (1, 2)]


def test_online_activity_counts_days_and_expects_nothing() -> None:
    click = replace(CLASS, family=MarkerFamily.VLE, source="moodle", item="", expected=0, done=5)
    found = of(click, click, later(click, 3), later(click, 8, done=0))
    assert figures(found) == [(2, 0), (0, 0)]
    assert (found.top, found.expects) == (2, False)
    assert of(later(click, 0, done=0)).top == 1, "an empty chart has a height"


def test_a_student_who_was_never_seen_has_a_chart_all_the_same() -> None:
    key = "FR101", MarkerFamily.VLE, "moodle"
    (found,) = weeks_of([], WEEKS, also=[key], since={}, measured={"moodle": EVERY_DAY})
    assert figures(found) == [(0, 0), (0, 0)]
    assert all(each.is_known for each in found.weeks)


def test_a_week_of_which_nothing_is_known_is_no_zero() -> None:
    known = frozenset({MONDAY, MONDAY + dt.timedelta(days=1)})
    first, second = of(CLASS, later(CLASS, 7), measured=known).weeks
    assert (first.is_known, first.has_gaps) == (True, True)
    assert (second.is_known, second.has_gaps) == (False, False)
    assert (second.done, second.expected) == (0, 0)
    one_day, school_week = frozenset({MONDAY}), frozenset(sorted(EVERY_DAY)[:5])
    assert of(CLASS, measured=one_day).weeks[0].is_known
    assert not of(CLASS, measured=school_week).weeks[0].has_gaps
    assert of(CLASS, measured=school_week - one_day).weeks[0].has_gaps
    (unmeasured,) = weeks_of([CLASS], WEEKS, since={}, measured={})
    assert not any(each.is_known for each in unmeasured.weeks)


def test_what_is_excused_or_before_the_student_joined_is_not_expected() -> None:
    missed = later(CLASS, 1, done=0)
    away = Excuse("", "attendance", "", missed.day, missed.day)
    assert figures(of(CLASS, missed, excuses=[away])) == [(1, 1), (0, 0)]
    other = replace(away, module="GE101")
    assert figures(of(CLASS, missed, excuses=[other])) == [(1, 2), (0, 0)]
    joined = {"FR101": missed.day + dt.timedelta(days=1)}
    assert figures(of(later(CLASS, 2), missed, since=joined)) == [(1, 1), (0, 0)]
    assert figures(of(CLASS, since={})) == [(1, 1), (0, 0)], "on the module from the first"


def test_an_agreed_absence_is_not_expected_and_work_is_due_all_the_same() -> None:
    missed = later(CLASS, 1, done=0)
    work = replace(missed, family=MarkerFamily.SUBMISSIONS, item="Essay")
    for last in (missed.day, None):
        agreed = excused_between([(missed.day, last)])
        assert figures(of(missed, excuses=agreed)) == [(0, 0), (0, 0)]
        assert figures(of(work, excuses=agreed)) == [(0, 1), (0, 0)]
    before = excused_between([(CLASS.day, CLASS.day)])
    assert figures(of(missed, excuses=before)) == [(0, 1), (0, 0)]


def test_weeks_are_those_of_the_term_without_closures() -> None:
    term = Period("Autumn", dt.date(2025, 9, 22), dt.date(2025, 12, 12))
    reading = Period("Reading week", dt.date(2025, 10, 13), dt.date(2025, 10, 17))
    calendar = Calendar(terms=(term,), closures=(reading,))
    weeks = teaching_weeks(calendar, dt.date(2025, 10, 28))
    assert [each.number for each in weeks] == [1, 2, 3, 4, 5]
    assert weeks[3].monday == dt.date(2025, 10, 20)
    after = teaching_weeks(calendar, dt.date(2026, 1, 5))
    assert after[-1].monday == dt.date(2025, 12, 8)
    assert teaching_weeks(calendar, dt.date(2025, 9, 22)) == ()
    long = replace(term, last=dt.date(2026, 7, 1))
    shown = teaching_weeks(Calendar(terms=(long,)), dt.date(2026, 6, 1))
    assert (len(shown), shown[-1].number) == (MOST_WEEKS, 36)
    without = teaching_weeks(Calendar(), dt.date(2025, 10, 30))
    week = dt.timedelta(days=7)
    assert [each.monday for each in without] == [
        dt.date(2025, 10, 27) - week * each for each in reversed(range(WITHOUT_TERMS))
    ]
    assert len(teaching_weeks(calendar, dt.date(2025, 9, 23))) == 1, "on its second day"
    spring = Period("A term", dt.date(2026, 1, 14), dt.date(2026, 4, 2))
    both = Calendar(terms=(spring, term), closures=(reading,))
    assert [each.monday for each in teaching_weeks(both, dt.date(2026, 1, 20))] == [
        dt.date(2026, 1, 12),
        dt.date(2026, 1, 19),
    ]
