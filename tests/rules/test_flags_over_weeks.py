"""Rules over several weeks or several families, at their boundaries."""

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules import RULES, rules_to_begin_with
from store.rules.flag_rules.absences import Absences
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Criterion, widened
from store.rules.flag_rules.evidence import Evidence, Measure, MissedItem
from store.rules.flag_rules.fading_out import FadingOut
from store.rules.flag_rules.quiet_weeks import QuietWeeks
from store.rules.model import MarkerFamily

CONTINUOUS = Calendar()
DAY = dt.date(2025, 11, 17)


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def clicks(
    *weeks: int, of_class: float = 4, joined: dt.date | None = None, fresh: int = 1
) -> Measure:
    """Return active days of the last weeks, newest last; earlier weeks are as the class's."""
    whole = (4,) * (8 - len(weeks)) + weeks
    return Measure(
        7, "FR101", MarkerFamily.VLE, "moodle", ago(fresh), None, 0, 0, 0,
        since=joined, weeks=whole, class_weeks=(of_class,) * 8,
    )  # fmt: skip


def work(due: int = 10, module: str = "FR101") -> Measure:
    item = MissedItem(module, "Essay 1", ago(due))
    return Measure(
        7, module, MarkerFamily.SUBMISSIONS, "turned-in", ago(2), None, 0, 0, 0, missed=(item,)
    )


def register(attended: int = 0, expected: int = 8, absences: int = 0, fresh: int = 1) -> Measure:
    return Measure(
        7, "FR101", MarkerFamily.ATTENDANCE, "registers", ago(fresh), None, 0, expected, attended,
        absences=absences,
    )  # fmt: skip


def spell(measure: Measure, calendar: Calendar = CONTINUOUS) -> int:
    return QuietWeeks().spell(calendar, measure, DAY)


# -- Quiet weeks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "weeks"),
    [
        (clicks(1, 1, 1), 3),
        (clicks(1, 2, 1), 1),  # exactly half the class is not quiet
        (clicks(1, 1, 1, 2), 0),  # quiet once, but not now
        (clicks(*[0] * 8), 8),
        (clicks(0, 0, 0, of_class=0.9), 0),  # the class itself was hardly there
    ],
)
def test_a_spell_is_counted_back_from_the_last_week(measure: Measure, weeks: int) -> None:
    assert spell(measure) == weeks


@pytest.mark.parametrize(("joined", "weeks"), [(21, 3), (20, 2), (7, 1), (6, 0)])
def test_nobody_was_quiet_before_they_joined(joined: int, weeks: int) -> None:
    assert spell(clicks(*[0] * 8, joined=ago(joined))) == weeks


def test_a_week_in_which_the_class_is_away_is_passed_over() -> None:
    away = replace(clicks(*[0] * 4), class_weeks=(4.0,) * 6 + (0.2, 4.0))
    assert spell(away) == 3


@pytest.mark.parametrize(("closed", "weeks"), [(3, 4), (4, 3)])
def test_a_week_that_is_mostly_closed_is_passed_over(closed: int, weeks: int) -> None:
    closure = Period("Reading week", ago(7), ago(8 - closed))
    assert spell(clicks(*[0] * 4), Calendar(closures=(closure,))) == weeks


@pytest.mark.parametrize(("weeks", "fires"), [(2, False), (3, True), (7, True), (8, False)])
def test_quiet_weeks_fire_from_the_third_until_they_are_old_news(weeks: int, fires: bool) -> None:
    evidence = Evidence(7, (clicks(*[0] * weeks),))
    assert bool(QuietWeeks().findings(CONTINUOUS, evidence, DAY)) is fires


@pytest.mark.parametrize(("fresh", "fires"), [(4, True), (5, False)])
def test_a_feed_that_has_stopped_is_unknown_not_quiet(fresh: int, fires: bool) -> None:
    evidence = Evidence(7, (clicks(0, 0, 0, fresh=fresh),))
    assert bool(QuietWeeks().findings(CONTINUOUS, evidence, DAY)) is fires


def test_quiet_weeks_say_how_many_days_and_what_the_class_does() -> None:
    (finding,) = QuietWeeks().findings(CONTINUOUS, Evidence(7, (clicks(1, 0, 1),)), DAY)
    assert finding.reason_student == (
        "You were in the online learning space of FR101 on 2 days in the three weeks to Sunday 16 "
        "November. "
        "The mean of your class is 12."
    )
    assert finding.key == "quiet-weeks|FR101|"


def test_quiet_weeks_that_could_never_fire_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed is more than weeks, which is 4"):
        QuietWeeks(weeks=4, forget_after_weeks=4)


# -- Absences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "fires"), [(3, False), (4, True)])
def test_absences_fire_at_as_many_in_a_row_as_the_school_says(days: int, fires: bool) -> None:
    evidence = Evidence(7, (register(absences=days),))
    assert bool(Absences(in_a_row=4).findings(CONTINUOUS, evidence, DAY)) is fires


@pytest.mark.parametrize(("age", "fires"), [(7, True), (8, False)])
def test_a_register_that_has_not_come_in_is_not_absence(age: int, fires: bool) -> None:
    evidence = Evidence(7, (register(absences=9, fresh=age),))
    assert bool(Absences().findings(CONTINUOUS, evidence, DAY)) is fires


# -- Fading out --------------------------------------------------------------------------------

QUIET = clicks(1, 1, 1)


@pytest.mark.parametrize(
    ("measures", "fires"),
    [
        ((QUIET, work()), True),
        ((QUIET, register(attended=3)), True),
        ((QUIET,), False),
        ((work(), register()), False),  # this week is not quiet
        ((QUIET, register(attended=4)), False),
        ((QUIET, work(due=7)), False),  # still in its days of grace
        ((QUIET, work(module="FR102")), False),  # of another module
    ],
)
def test_fading_out_needs_another_family_to_agree(
    measures: tuple[Measure, ...], fires: bool
) -> None:
    findings = FadingOut().findings(CONTINUOUS, Evidence(7, measures), DAY)
    assert bool(findings) is fires


@pytest.mark.parametrize(("quiet", "fires"), [(1, False), (2, True), (6, True), (7, False)])
def test_fading_out_fires_from_as_many_weeks_as_the_school_says_until_as_many(
    quiet: int, fires: bool
) -> None:
    rule = FadingOut(weeks=2, below_share=0.4, forget_after_weeks=7)
    evidence = Evidence(7, (clicks(*[1] * quiet), work()))
    assert bool(rule.findings(CONTINUOUS, evidence, DAY)) is fires


def test_fading_out_that_could_never_fire_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed is more than weeks, which is 4"):
        FadingOut(weeks=4, forget_after_weeks=4)


def test_fading_out_gives_every_sign_its_own_family_source_and_reason() -> None:
    evidence = Evidence(7, (QUIET, work(), register(attended=1)))
    found = FadingOut().findings(CONTINUOUS, evidence, DAY)
    assert [(each.family, each.source, each.key) for each in found] == [
        (MarkerFamily.VLE, "moodle", "fading-out|FR101|vle"),
        (MarkerFamily.SUBMISSIONS, "turned-in", "fading-out|FR101|Essay 1"),
        (MarkerFamily.ATTENDANCE, "registers", "fading-out|FR101|attendance"),
    ]
    assert found[0].reason_staff == (
        "Active in the online learning space of FR101 on 3 days in the three weeks to Sunday 16 "
        "November. "
        "The mean of the class is 12."
    )
    assert found[1].reason_student.startswith("Essay 1 in FR101 was due on Friday 7 November.")


# -- All rules ---------------------------------------------------------------------------------


def test_a_widened_net_catches_whomever_one_of_them_catches() -> None:
    nets = [
        FadingOut().criterion(CONTINUOUS, DAY),
        Attendance(below_share=0.8).criterion(CONTINUOUS, DAY),
        Absences(in_a_row=3).criterion(CONTINUOUS, DAY),
        QuietWeeks().criterion(CONTINUOUS, DAY),
    ]
    assert widened(nets) == Criterion(
        missed_due_by=ago(8), missed_due_from=ago(42), arrived_share=0.25, attended_below=0.8,
        expected_at_least=4, quiet_weeks=3, quiet_below=0.5, absent_in_a_row=3,
    )  # fmt: skip


def test_to_begin_with_two_families_have_to_agree_where_they_can() -> None:
    assert rules_to_begin_with({MarkerFamily.VLE, MarkerFamily.SUBMISSIONS}) == (FadingOut,)
    alone = rules_to_begin_with({MarkerFamily.VLE})
    assert alone == tuple(rule for rule in RULES if set(rule.NEEDS) <= {MarkerFamily.VLE})
    assert QuietWeeks in alone
