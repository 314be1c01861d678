"""Missed submissions and low attendance at their boundaries: when they flag, and the text."""

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.model import MarkerFamily
from tests.rules.measures import CONTINUOUS, DAY, TERM, ago, attended, found, measure, missed


@pytest.mark.parametrize(
    ("due", "fires"), [(7, False), (8, True), (42, True), (43, False), (0, False), (-5, False)]
)
def test_a_submission_is_missed_after_the_grace_and_until_it_is_past_helping(
    due: int, fires: bool
) -> None:
    assert bool(found(MissedSubmission(grace_days=7), missed(ago(due)))) is fires


@pytest.mark.parametrize(
    ("day", "fires"),
    [
        (dt.date(2025, 12, 20), False),
        (dt.date(2025, 12, 27), False),
        (dt.date(2026, 1, 8), False),
        (dt.date(2026, 1, 9), True),
    ],
)
def test_grace_stands_still_while_the_school_is_closed(day: dt.date, fires: bool) -> None:
    work = replace(missed(dt.date(2025, 12, 16)), fresh=day - dt.timedelta(days=1))
    assert bool(found(MissedSubmission(), work, day=day, calendar=TERM)) is fires
    net = MissedSubmission().criterion(TERM, day)
    assert (net.missed_due_by is not None and net.missed_due_by >= dt.date(2025, 12, 16)) is fires


@pytest.mark.parametrize("calendar", [CONTINUOUS, TERM], ids=["every day", "in term"])
def test_work_is_missing_only_once_its_source_is_known_through_the_grace(
    calendar: Calendar,
) -> None:
    """For every last day of the data: work may have arrived on a day that the data do not cover."""
    rule, due, day = MissedSubmission(grace_days=7), dt.date(2025, 10, 3), dt.date(2025, 11, 3)
    ends = [due + dt.timedelta(days=n) for n in range(-3, 25)]
    fires = {
        end: bool(found(rule, replace(missed(due), fresh=end), day=day, calendar=calendar))
        for end in ends
    }
    assert fires == {end: calendar.silent_days(due, end) >= 7 for end in ends}
    assert True in fires.values()

    work = replace(missed(due), fresh=ends[-1])
    for end in ends:
        unknown = frozenset(end + dt.timedelta(days=n) for n in range(1, 40))
        evidence = Evidence(7, (work,), unmeasured={work.source: unknown})
        assert bool(rule.findings(calendar, evidence, day)) is fires[end], "unknown of this student"


def test_without_grace_the_day_after_is_late_enough() -> None:
    assert found(MissedSubmission(grace_days=0), missed(ago(1)))
    assert not found(MissedSubmission(grace_days=0), missed(DAY))


def test_a_missed_submission_says_what_and_when() -> None:
    (finding,) = found(MissedSubmission(), missed(dt.date(2025, 10, 6)))
    assert finding.reason_student == (
        "Essay 1 in FR101 was due on Monday 6 October. We have not had it from you yet."
    )
    assert finding.reason_staff == (
        "Essay 1 in FR101 was due on Monday 6 October; nothing has arrived."
    )
    assert finding.key == "missed-submission|FR101|Essay 1"


def test_only_submissions_are_looked_at() -> None:
    elsewhere = replace(missed(ago(10)), family=MarkerFamily.VLE)
    assert found(MissedSubmission(), elsewhere) == []


def test_the_net_is_the_same_window_once_the_results_have_arrived() -> None:
    assert MissedSubmission().criterion(CONTINUOUS, DAY) == Criterion(
        missed_due_from=ago(42), missed_due_by=ago(8), arrived_share=0.25
    )


def test_thresholds_that_would_never_fire_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed is more than grace_days, which is 7"):
        MissedSubmission(grace_days=7, forget_after_days=7)


@pytest.mark.parametrize(
    ("share", "done", "expected", "fires"),
    [
        (0.5, 1, 4, True),
        (0.5, 2, 4, False),
        (0.5, 0, 3, False),  # too few sessions to state a share
        (0.55, 11, 20, False),  # exactly the share, which 0.55 * 20 in floating point is not
        (0.55, 10, 20, True),
        (1, 19, 20, True),
        (1, 20, 20, False),
        (0.5, 0, 0, False),
    ],
)
def test_attendance_fires_below_the_share(
    share: float, done: int, expected: int, fires: bool
) -> None:
    assert bool(found(Attendance(below_share=share), attended(done, expected))) is fires


@pytest.mark.parametrize(("age", "fires"), [(7, True), (8, False)])
def test_a_register_that_has_not_come_in_is_not_absence(age: int, fires: bool) -> None:
    assert bool(found(Attendance(stale_after_days=7), attended(0, 8, ago(age)))) is fires


def test_attendance_says_how_many_of_how_many() -> None:
    (finding,) = found(Attendance(), attended(2, 8))
    when = "in the four weeks to Monday 20 October."
    assert finding.reason_student == f"You came to 2 of 8 sessions in FR101 {when}"
    assert finding.reason_staff == f"Attended 2 of 8 sessions in FR101 {when}"
    assert finding.measured == {"attended": 2, "expected": 8}


def test_each_module_speaks_for_itself() -> None:
    other = replace(attended(0, 8), module="FR102")
    assert [each.module for each in found(Attendance(), attended(2, 8), other)] == [
        "FR101",
        "FR102",
    ]


def test_other_families_are_not_attendance() -> None:
    assert found(Attendance(), measure(done=0, expected=8)) == []
