"""The order of students by strength of evidence, on small examples."""

import datetime as dt
from fractions import Fraction

from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flags.ranking import case_place, in_order, standing, strength
from store.rules.model import MarkerFamily
from tests.rules.test_flags_over_weeks import ago, clicks, register


def late(days: int, due: int = 1) -> Measure:
    return Measure(
        7, "FR101", MarkerFamily.SUBMISSIONS, "turned-in", ago(1), None, 0, 0, 0,
        work_due=due, days_late=days,
    )  # fmt: skip


def test_two_families_that_agree_come_before_one_that_is_extreme() -> None:
    both = Evidence(1, (clicks(1, 1), late(10)))
    extreme = Evidence(2, (clicks(*[0] * 8), late(-9)))
    nothing = [Evidence(n, (clicks(), late(0))) for n in (3, 4, 5)]
    assert in_order([*nothing, extreme, both])[:2] == [1, 2]


def test_the_longer_comes_before_the_stronger() -> None:
    longer = Evidence(1, (clicks(1, 1, 1),))
    stronger = Evidence(2, (clicks(0, 0),))
    assert in_order([stronger, longer]) == [1, 2]


def test_of_equally_long_the_stronger_comes_first() -> None:
    assert in_order([Evidence(1, (clicks(1, 1),)), Evidence(2, (clicks(0, 0),))]) == [2, 1]


def test_busy_weeks_make_up_for_no_quiet_one_and_the_classs_own_silence_is_passed_over() -> None:
    steady = Evidence(1, (clicks(3, 3, 3, 3),))
    by_bursts = Evidence(2, (clicks(7, 0, 7, 0),))
    assert in_order([steady, by_bursts]) == [2, 1]
    class_away = strength(Evidence(3, (clicks(0, of_class=0.5),)), MarkerFamily.VLE)
    assert class_away == (0,)


def test_last_in_one_family_comes_before_the_middle_of_both() -> None:
    others = [Evidence(n, (clicks(4 - n % 3), late(n % 3))) for n in (3, 4, 5, 6, 7, 8)]
    middle = Evidence(1, (clicks(3), late(1)))
    last_in_one = Evidence(2, (clicks(0, 0, 0), late(0)))
    order = in_order([*others, middle, last_in_one])
    assert order.index(2) < order.index(1)


def test_equals_share_a_place() -> None:
    places = standing([Evidence(n, (clicks(),)) for n in (1, 2)] + [Evidence(3, (clicks(0),))])
    assert places == {1: Fraction(1, 9), 2: Fraction(1, 9), 3: Fraction(25, 36)}


def test_a_family_of_which_nothing_is_known_is_left_out() -> None:
    known = Evidence(1, (clicks(0), late(0, due=0), register(expected=0)))
    assert strength(known, MarkerFamily.SUBMISSIONS) is None
    assert strength(known, MarkerFamily.ATTENDANCE) is None
    assert strength(known, MarkerFamily.MEETINGS) is None
    assert standing([known, Evidence(2, ())]) == {1: Fraction(1, 4), 2: Fraction(0)}


def test_work_is_as_late_as_it_is_on_average() -> None:
    evidence = Evidence(1, (late(10, due=4), late(2, due=2)))
    assert strength(evidence, MarkerFamily.SUBMISSIONS) == (2.0,)


def test_absences_in_a_row_come_before_the_share() -> None:
    some = Evidence(1, (register(attended=7, absences=3),))
    share = Evidence(2, (register(attended=1, absences=0),))
    assert in_order([share, some]) == [1, 2]


def test_other_families_go_by_active_days() -> None:
    meeting = Measure(7, "FR101", MarkerFamily.MEETINGS, "diary", ago(1), None, 2, 0, 2)
    assert strength(Evidence(1, (meeting,)), MarkerFamily.MEETINGS) == (-2,)


def test_nobody_is_in_no_order() -> None:
    assert in_order([]) == []


def test_cases_go_by_families_then_reasons_then_age() -> None:
    cases = [(1, 3, 1), (2, 1, 2), (2, 2, 9), (2, 2, 4)]
    ordered = sorted(cases, key=lambda c: case_place(c[0], c[1], dt.date(2025, 10, c[2])))
    assert ordered == [(2, 2, 4), (2, 2, 9), (2, 1, 2), (1, 3, 1)]


def test_absences_are_weighed_before_the_share_that_was_missed() -> None:
    evidence = Evidence(1, (register(attended=2, expected=8, absences=3),))
    assert strength(evidence, MarkerFamily.ATTENDANCE) == (3, -0.25)


def test_a_class_that_is_there_one_day_a_week_counts() -> None:
    assert strength(Evidence(1, (clicks(0, of_class=1),)), MarkerFamily.VLE) == (1,)
