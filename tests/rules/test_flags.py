"""Each rule at its boundaries: when it speaks, when it must be silent, and what it says."""

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Criterion, Rule
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, MissedItem
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.model import OCCASIONAL, MarkerFamily

CONTINUOUS = Calendar()
TERM = Calendar(
    terms=(Period("Autumn", dt.date(2025, 9, 22), dt.date(2026, 1, 9)),),
    closures=(Period("Winter closure", dt.date(2025, 12, 20), dt.date(2026, 1, 4)),),
)
DAY = dt.date(2025, 10, 21)
YESTERDAY = dt.date(2025, 10, 20)


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def measure(
    family: MarkerFamily = MarkerFamily.VLE,
    *,
    last: dt.date | None = None,
    fresh: dt.date = YESTERDAY,
    done: int = 0,
    expected: int = 0,
    missed: tuple[MissedItem, ...] = (),
) -> Measure:
    return Measure(
        student=7,
        module="FR101",
        family=family,
        source={MarkerFamily.VLE: "moodle"}.get(family, "registers"),
        fresh=fresh,
        last_done=last,
        active_days_28=0,
        expected_28=expected,
        done_28=done,
        missed=missed,
    )


def found(
    rule: Rule,
    *measures: Measure,
    day: dt.date = DAY,
    calendar: Calendar = CONTINUOUS,
    joined: dt.date | None = None,
) -> list[Finding]:
    return rule.findings(calendar, Evidence(7, measures, enrolled_since=joined), day)


# -- Inactivity --------------------------------------------------------------------------------


@pytest.mark.parametrize(("last", "fires"), [(15, True), (14, False), (1, False)])
def test_inactivity_fires_after_as_many_silent_days_as_the_school_says(
    last: int, fires: bool
) -> None:
    # Seen 15 days ago: 14 whole days of silence, the last of them yesterday.
    assert bool(found(Inactivity(days=14), measure(last=ago(last)))) is fires


@pytest.mark.parametrize("family", sorted(OCCASIONAL))
def test_a_file_that_ends_with_its_last_due_day_does_not_hide_silence(family: MarkerFamily) -> None:
    old = measure(family, last=ago(40), fresh=ago(20))
    (finding,) = found(Inactivity(days=14), measure(last=ago(15)), old)
    assert family.label not in finding.reason_staff
    assert (finding.source, finding.fresh) == ("moodle", YESTERDAY)
    assert found(Inactivity(days=14), old) == [], "nothing else is known"
    assert found(Inactivity(days=14), measure(last=ago(15), fresh=ago(20)), old) == []


def test_nothing_is_said_of_days_before_the_first_that_was_looked_at() -> None:
    evidence = Evidence(7, (measure(),), enrolled_since=ago(300), looked_from=ago(120))
    (finding,) = Inactivity().findings(CONTINUOUS, evidence, DAY)
    assert finding.reason_staff.startswith("Not seen since at least Monday 23 June.")
    assert finding.measured["last seen"] == "before 2025-06-23"


def test_inactivity_says_since_when_and_where_it_looked() -> None:
    (finding,) = found(
        Inactivity(days=14),
        measure(last=dt.date(2025, 10, 2)),
        measure(MarkerFamily.ATTENDANCE, last=dt.date(2025, 10, 3)),
    )
    assert finding.reason_student == (
        "We have not seen you since Friday 3 October. We looked at attendance and the online "
        "learning space, up to Monday 20 October."
    )
    assert finding.reason_staff == (
        "Not seen since Friday 3 October. This looked at attendance and the online learning space, "
        "up to Monday 20 October."
    )
    assert finding.family is MarkerFamily.ATTENDANCE
    assert finding.source == "moodle, registers"
    assert finding.fresh == YESTERDAY
    assert finding.measured["last seen"] == "2025-10-03"


def test_one_trace_anywhere_is_not_inactivity() -> None:
    silent = measure(last=ago(30))
    assert found(Inactivity(), silent, measure(MarkerFamily.ATTENDANCE, last=ago(2))) == []


@pytest.mark.parametrize(("age", "fires"), [(4, True), (5, False)])
def test_a_source_that_has_stopped_delivering_is_unknown_not_silent(age: int, fires: bool) -> None:
    silent = measure(last=ago(60))
    stale = measure(MarkerFamily.ATTENDANCE, last=ago(60), fresh=ago(age))
    assert bool(found(Inactivity(stale_after_days=4), silent, stale)) is fires


def test_silence_is_counted_up_to_what_every_source_has_delivered() -> None:
    assert found(Inactivity(days=14), measure(last=ago(16), fresh=ago(3))) == []
    assert found(Inactivity(days=14), measure(last=ago(17), fresh=ago(3)))


def test_what_a_feed_delivered_early_does_not_prolong_the_silence() -> None:
    assert found(Inactivity(days=14), measure(last=ago(14), fresh=DAY + dt.timedelta(days=1))) == []


def test_nothing_known_is_nothing_found() -> None:
    assert found(Inactivity(), joined=ago(60)) == []
    assert found(Inactivity(), measure()) == []


@pytest.mark.parametrize(("joined", "fires"), [(14, True), (13, False)])
def test_somebody_never_seen_is_silent_since_they_joined(joined: int, fires: bool) -> None:
    findings = found(Inactivity(days=14), measure(), joined=ago(joined))
    assert bool(findings) is fires
    assert all(each.reason_staff.startswith("Not seen so far.") for each in findings)


@pytest.mark.parametrize(("joined", "fires"), [(14, True), (13, False)])
def test_somebody_who_comes_back_starts_afresh(joined: int, fires: bool) -> None:
    last_year = measure(last=ago(200))
    assert bool(found(Inactivity(days=14), last_year, joined=ago(joined))) is fires


def test_nobody_is_inactive_over_the_winter_closure() -> None:
    last, rule = dt.date(2025, 12, 12), Inactivity(days=14)

    def fires(day: dt.date) -> bool:
        fresh = day - dt.timedelta(days=1)
        return bool(found(rule, measure(last=last, fresh=fresh), day=day, calendar=TERM))

    # Seven days before the closure, none in it, five after it; then the term is over.
    assert not fires(dt.date(2025, 12, 31))
    assert not fires(dt.date(2026, 1, 12))
    assert fires(dt.date(2026, 1, 12)) is bool(TERM.silent_days(last, dt.date(2026, 1, 11)) >= 14)


def test_silence_goes_on_after_the_closure() -> None:
    seen = measure(last=dt.date(2025, 12, 10), fresh=dt.date(2026, 1, 8))
    # 11 to 19 December are nine days, 5 to 8 January four more.
    assert found(Inactivity(days=13), seen, day=dt.date(2026, 1, 9), calendar=TERM)
    assert not found(Inactivity(days=14), seen, day=dt.date(2026, 1, 9), calendar=TERM)


def test_the_net_of_inactivity_catches_whoever_the_rule_finds() -> None:
    rule = Inactivity(days=14)
    since = rule.criterion(CONTINUOUS, DAY).silent_since
    assert since == ago(15)


# -- Missed submissions ------------------------------------------------------------------------


def missed(due: dt.date) -> Measure:
    item = MissedItem("FR101", "Essay 1", due)
    return measure(MarkerFamily.SUBMISSIONS, missed=(item,))


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
    """Whatever day the data end on: what they do not cover may have brought it."""
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


# -- Attendance --------------------------------------------------------------------------------


def attended(done: int, expected: int, fresh: dt.date = YESTERDAY) -> Measure:
    return measure(MarkerFamily.ATTENDANCE, done=done, expected=expected, fresh=fresh)


@pytest.mark.parametrize(
    ("share", "done", "expected", "fires"),
    [
        (0.5, 1, 4, True),
        (0.5, 2, 4, False),
        (0.5, 0, 3, False),  # too few sessions to speak of a share
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
