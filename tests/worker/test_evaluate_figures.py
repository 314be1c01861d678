"""The evaluation on hand-made cohorts, where every figure can be calculated by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.activity.lake import Lake
from store.rules.small_numbers import rounded
from worker.evaluate.bootstrap import Figure, Resampled
from worker.evaluate.metrics import flag_rates, precision, sums_of_list
from worker.evaluate.presentations import GROUPS, Presentation, Student
from worker.evaluate.random_control import control_sums, first_of_each_week, random_precision_at
from worker.evaluate.replay import Stay, registered_on
from worker.evaluate.screens import figures_as_json


def student(number: int, *, withdrew: bool = False, ends: int = 100, gender: str = "F") -> Student:
    groups = dict.fromkeys(GROUPS, "all") | {"gender": gender}
    return Student(number, 0, ends, withdrew, False, groups)


def cohort(*students: Student, days: int = 100) -> Presentation:
    by_number = {each.number: each for each in students}
    return Presentation("AAA-2013J", by_number, days, Lake(Path("nowhere")))


# -- The control -------------------------------------------------------------------------------


def test_the_control_deals_as_many_flags_on_the_same_days() -> None:
    made = cohort(*(student(n, withdrew=n <= 5, ends=50 if n <= 5 else 100) for n in range(1, 11)))
    stays = [Stay(1, 10, 30), Stay(2, 10, 30), Stay(3, 40, 50)]
    there = registered_on(made)
    control, lead = control_sums(made, stays, there)
    ours = sums_of_list(made, stays, there)
    new = "new_flags_per_100_a_week"
    assert control[new][0].sum() == pytest.approx(ours[new][0].sum())
    right, flags = control["precision"]
    assert right.sum() / flags.sum() == pytest.approx(0.5, abs=0.15)
    again, lead_again = control_sums(made, stays, there)
    assert (again["precision"][0].tolist(), lead_again) == (right.tolist(), lead)  # seeded


def test_precision_at_a_rate_takes_the_first_of_each_week() -> None:
    made = cohort(*(student(n, withdrew=n <= 2) for n in range(1, 101)))
    order = list(range(1, 101))
    # The first two are right in the first week, then the next two, who are not.
    assert precision(made, first_of_each_week(2, {7: order, 14: order})) == 0.5
    # Half a flag a week: one every other week.
    assert first_of_each_week(0.5, {7: order, 14: order}) == [1]
    # Four weeks later the same student may be flagged again.
    assert first_of_each_week(2, {7: order, 35: order}) == [1, 2, 1, 2]
    assert random_precision_at(made, 5, {7: order}) == pytest.approx(0.02, abs=0.03)


def test_nothing_to_take_a_figure_of_is_none() -> None:
    made = cohort(student(1), student(2))
    resampled = Resampled(made.students)
    sums = sums_of_list(made, [], registered_on(made))
    for name in ("precision", "precision_by_student", "withdrawals_on_list_14_days_before"):
        assert resampled.ratio(*sums[name]).figure() == Figure(None), name
    assert resampled.quantile([], 0.5) == Figure(None)
    assert resampled.largest([]) == Figure(0.0)


# -- Intervals ---------------------------------------------------------------------------------


def test_an_interval_holds_what_was_counted_and_narrows_with_more_students() -> None:
    widths = []
    for size in (40, 4_000):
        resampled = Resampled(range(size))
        found = resampled.share(range(size), [n % 4 == 0 for n in range(size)]).figure()
        low, high = found.low or 0.0, found.high or 0.0
        assert found.value == 0.25
        assert 0 < low < 0.25 < high < 1
        widths.append(high - low)
    assert widths[0] > 5 * widths[1]
    assert Resampled(range(40)).share(range(40), [True] * 40).figure().low == 1.0


def test_an_area_is_drawn_as_it_is_taken_and_equals_share() -> None:
    everyone = list(range(60))
    outcome = [n >= 40 for n in everyone]
    resampled = Resampled(everyone)
    assert set(resampled.area(outcome, [float(n) for n in everyone], everyone)) == {1.0}
    assert set(resampled.area(outcome, [0.0] * 60, everyone)) == {0.5}


# -- Fairness, and JSON ------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "shown"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (23, 25)])
def test_people_are_rounded_to_five(people: int, shown: int) -> None:
    assert rounded(people) == shown


def test_small_groups_are_suppressed() -> None:
    many = [student(n, gender="F") for n in range(1, 79)]
    few = [student(n, gender="M") for n in range(79, 101)]
    stays = [Stay(n, 10, 20) for n in range(1, 21)]
    ratios = flag_rates(cohort(*many, *few), stays)
    assert ratios["flag_rate_ratio: gender M"].value is None
    assert ratios["flag_rate_ratio: gender F"].value == pytest.approx((20 / 80) / (20 / 100))
    assert ratios["flag_rate_ratio: disability all"].value == 1.0


def test_json_leaves_out_what_does_not_exist() -> None:
    figures = {"a": Figure(1.0, 0.5), "b": Figure(None), "c": Figure(0.7, 0.5, 0.6, low=0.5)}
    assert figures_as_json(figures) == {
        "a": {"value": 1.0, "control": 0.5},
        "b": {"value": None},
        "c": {"value": 0.7, "control": 0.5, "reference": 0.6, "low": 0.5},
    }
