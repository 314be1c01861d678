"""The sentences of a fairness report: differences in numbers, and published statistics."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from math import sqrt
from statistics import NormalDist

import pytest

from store.rules.fairness.protect import protect_counts
from store.rules.fairness.report import Characteristic, DaysToContact, fairness_report
from store.rules.fairness.statistics import (
    adjusted,
    compare_rates,
    compare_times,
    median_range,
    smallest_shown,
    wilson,
)
from store.rules.fairness.steps import WITHIN, Step
from store.rules.fairness.words import NO_DIFFERENCE, differences, headline, hidden_line, step_lines
from store.rules.fairness.years import newest_year, year_of, years_within

YEAR = year_of(dt.date(2025, 10, 22))


def report_of(
    counts: dict[Step, dict[str, int | None]], **days: DaysToContact
) -> tuple[str, list[str], str]:
    made_of = fairness_report("LANG", "Languages", YEAR, [Characteristic("sex", counts, days)])
    (of,) = made_of.characteristics
    return headline(made_of), list(differences(of)), " ".join(step_lines(of))


def test_a_difference_is_said_in_numbers_with_where_to_look() -> None:
    said, found, _ = report_of(
        {Step.STUDENTS: {"F": 300, "M": 300}, Step.FLAGGED: {"F": 60, "M": 21}}
    )
    assert said == "1 comparison made: 1 difference that chance alone would rarely cause."
    assert found == [
        "Flags were raised for 20 in 100 of “F” (sex) and 7 in 100 of “M” (sex): more than chance "
        "would explain. Look at which rule flags them, and whether its source sees how they study."
    ]


def test_no_difference_says_what_could_be_missed() -> None:
    said, found, lines = report_of(
        {Step.STUDENTS: {"F": 60, "M": 60}, Step.FLAGGED: {"F": 9, "M": 6}}
    )
    assert NO_DIFFERENCE in said
    assert not found
    assert "One of less than" in lines
    assert "F: 15 in 100 (range 6 to 30) of about 60 students" in lines


def test_waiting_times_and_hidden_groups_are_said_in_numbers() -> None:
    counts: dict[Step, dict[str, int | None]] = {
        Step.STUDENTS: {"F": 300, "M": 300, "X": None},
        Step.FLAGGED: {"F": 30, "M": 30, "X": None},
        Step.CASE: {"F": 27, "M": 27, "X": None},
        Step.CONTACTED: {"F": None, "M": None, "X": None},
    }
    days = {"F": DaysToContact(9, 7, 12, 0.001), "M": DaysToContact(4, 3, 5, 0.001)}
    made_of = fairness_report("LANG", "Languages", YEAR, [Characteristic("sex", counts, days)])
    assert (made_of.code, made_of.school, made_of.year) == ("LANG", "Languages", YEAR)
    (of,) = made_of.characteristics
    assert hidden_line(of) == "Some groups have no figures in some steps."
    assert "3 comparisons, adjusted for their number (Holm): 1 difference that" in headline(made_of)
    median = "Median days to the first contact"
    assert list(differences(of)) == [
        f"{median}: 9 in “F” (sex), 4 in “M” (sex). That is more than chance would explain for “F” "
        "(sex). Look at who owns these cases, and when."
    ]
    lines = list(step_lines(of))
    assert lines[-1] == (
        f"{median}. F: 9 (range 7 to 12). M: 4 (range 3 to 5). Reading: more than chance would "
        "explain."
    )
    assert any(each.startswith("Too few students for figures: ") for each in lines)


def test_three_groups_are_each_compared_with_the_others() -> None:
    _, found, _ = report_of(
        {
            Step.STUDENTS: {"A": 300, "B": 300, "C": 300},
            Step.FLAGGED: {"A": 90, "B": 30, "C": 30},
        }
    )
    assert found[0].startswith(
        "Flags were raised for 30 in 100 of “A” (sex) and 10 in 100 of the other groups shown: "
    )


def test_chance_is_seldom_called_a_finding() -> None:
    """In a hundred reports without a true difference, five or fewer are expected to find one, and
    fewer than twelve almost certainly. The rounding adds noise of its own."""
    chance = random.Random(18)
    wrong = 0
    for _ in range(100):
        sizes = {group: chance.randint(25, 150) for group in "ABCD"}
        counts: dict[Step, dict[str, int]] = {Step.STUDENTS: sizes}
        for step, whole in WITHIN.items():
            counts[step] = {
                group: sum(chance.random() < 0.5 for _ in range(number))
                for group, number in counts[whole].items()
            }
        said = protect_counts(counts, chance.random)
        of = [Characteristic("A", said), Characteristic("B", protect_counts(counts, chance.random))]
        made_of = fairness_report("LANG", "Languages", YEAR, of)
        wrong += any(line.findings for each in made_of.characteristics for line in each.lines)
    assert wrong < 12


def test_statistics_agree_with_published_examples() -> None:
    low, high = wilson(50, 100)
    assert (round(low, 2), round(high, 2)) == (0.38, 0.62)
    assert compare_rates((30, 100), (30, 100)) == 1.0
    assert compare_rates((0, 25), (0, 25)) == 1.0
    assert median_range(list(range(1, 11))) == (6, 2, 9)
    assert median_range([3] * 23) == (3, 3, 3)
    assert compare_times([3] * 20, [3] * 20) == 1.0
    assert compare_times(list(range(20)), list(range(30, 50))) < 0.0001
    assert adjusted({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": 0.03, "c": 0.06, "b": 0.06}


def test_the_range_of_a_median_has_the_published_ranks() -> None:
    """Ranks from W. J. Conover, Practical Nonparametric Statistics; 201 by the normal
    approximation."""
    ranks = {6: 1, 8: 1, 9: 2, 11: 2, 12: 3, 15: 4, 17: 5, 20: 6, 25: 8, 30: 10, 40: 14, 50: 18}
    for n, rank in (ranks | {201: 86}).items():
        assert median_range(range(1, n + 1))[1:] == (rank, n + 1 - rank), n


def test_the_smallest_difference_shown_is_that_of_power_four_in_five() -> None:
    error = sqrt(0.3 * 0.7 * (1 / 100 + 1 / 200) + 2 / 100**2 + 2 / 200**2)
    assert smallest_shown((40, 100), (50, 200)) == pytest.approx((1.96 + 0.8416) * error, abs=1e-4)
    assert smallest_shown((1, 2), (1, 2)) == 1.0
    chance = 2 * (1 - NormalDist().cdf(0.15 / error))
    assert compare_rates((40, 100), (50, 200)) == pytest.approx(chance)
    assert wilson(0, 25)[0] == 0.0
    assert wilson(25, 25)[1] == 1.0


@pytest.mark.parametrize("seed", range(4))
def test_waiting_times_are_compared_by_counting_who_waited_longer(seed: int) -> None:
    chance = random.Random(seed)
    one, other = ([chance.randint(1, most) for _ in range(12 + seed)] for most in (9, 14))
    longer = sum((a > b) + (a == b) / 2 for a in one for b in other)
    n, m, total = len(one), len(other), len(one) + len(other)
    ties = sum(each**3 - each for each in Counter([*one, *other]).values())
    spread = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    apart = max(0.0, abs(longer - n * m / 2) - 0.5)
    expected = 2 * (1 - NormalDist().cdf(apart / sqrt(spread)))
    assert compare_times(one, other) == pytest.approx(expected)


def test_years_do_not_overlap_and_settle_before_they_are_reported() -> None:
    assert (YEAR.first, YEAR.last) == (dt.date(2025, 8, 1), dt.date(2026, 7, 31))
    assert newest_year(dt.date(2026, 8, 28)).first == dt.date(2024, 8, 1)
    assert newest_year(dt.date(2026, 8, 29)).first == dt.date(2025, 8, 1)
    first, last, today = dt.date(2024, 3, 1), dt.date(2027, 1, 1), dt.date(2026, 11, 30)
    assert [each.first.year for each in years_within(first, last, today)] == [2024, 2025]
    assert not list(years_within(dt.date(2025, 8, 2), dt.date(2026, 7, 31), today))
