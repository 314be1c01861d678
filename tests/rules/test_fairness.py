"""Fairness figures: what is hidden cannot be worked out, and chance is not called a finding."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from itertools import pairwise, product
from math import sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.rules.fairness import protect
from store.rules.fairness.protect import (
    FEWEST_CHANGED,
    OFF,
    POSSIBLE,
    changed_by_few,
    hidden_by_step,
    hidden_groups,
    protect_counts,
)
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
from store.rules.small_numbers import SMALLEST

YEAR = year_of(dt.date(2025, 10, 22))
GROUPS = "ABCDEF"


@st.composite
def tables(draw: st.DrawFn, most: int = 6) -> dict[Step, dict[str, int]]:
    """Counts of groups in every step, each at most that of the step of which it is a part."""
    names = GROUPS[: draw(st.integers(2, most))]
    sizes = st.one_of(st.integers(0, 60), st.integers(0, 3), st.integers(60, 400))
    counts = {Step.STUDENTS: {name: draw(sizes) for name in names}}
    for step, whole in WITHIN.items():
        counts[step] = {name: draw(st.integers(0, counts[whole][name])) for name in names}
    return counts


def made(counts: dict[Step, dict[str, int]], seed: int) -> dict[Step, dict[str, int | None]]:
    return protect_counts(counts, random.Random(seed).random)


@given(tables(), st.integers())
def test_each_figure_is_near_the_true_one_and_a_multiple_of_three(
    counts: dict[Step, dict[str, int]], seed: int
) -> None:
    for step, said in made(counts, seed).items():
        for group, number in said.items():
            if number is not None:
                assert number % 3 == 0
                assert abs(number - counts[step][group]) <= OFF


@given(tables(), st.integers())
def test_no_rate_is_given_of_few_students_and_what_is_hidden_is_not_few(
    counts: dict[Step, dict[str, int]], seed: int
) -> None:
    hidden = hidden_by_step(counts)
    said = made(counts, seed)
    for step, whole in WITHIN.items():
        out = hidden[whole]
        assert all(size >= SMALLEST for group, size in counts[whole].items() if group not in out)
        assert all(said[step][group] is None for group in out if step in said)
        if out and len(out) < len(counts[whole]):
            assert len(out) >= 2
            assert sum(counts[whole][group] for group in out) >= SMALLEST


@given(tables(most=3), st.integers())
def test_whoever_knows_every_total_cannot_work_out_a_count(
    counts: dict[Step, dict[str, int]], seed: int
) -> None:
    """By trying every count that fits: each group of each step, shown or hidden, has at least
    three, and so has each group of those who are in a step and not in its part."""
    said = made(counts, seed)
    for step in said:
        total = sum(counts[step].values())
        several(possible(said[step], total), [total] * len(counts[step]))


def possible(said: dict[str, int | None], total: int) -> list[tuple[int, ...]]:
    """Every table of counts that rounds to this and adds up, those of large groups cut short."""
    ranges = [
        range(total + 1) if n is None else range(max(0, n - OFF), n + OFF + 1)
        for n in said.values()
    ]
    hidden = [at for at, n in enumerate(said.values()) if n is None]
    if not hidden:
        return [each for each in product(*ranges) if sum(each) == total]
    # Of those hidden it matters only that they take the rest in any way.
    shown = [each for at, each in enumerate(ranges) if at not in hidden]
    found = []
    for each in product(*shown):
        rest = total - sum(each)
        if rest >= 0:
            for part in {0, 1, rest // 2, max(0, rest - 1), rest}:
                values = iter(each)
                others = iter([part, rest - part] if len(hidden) > 1 else [rest])
                found.append(
                    tuple(
                        next(others, 0) if at in hidden else next(values)
                        for at in range(len(ranges))
                    )
                )
                if len(hidden) > 1:
                    found.append(tuple(_swapped(found[-1], hidden)))
    return found


def _swapped(table: tuple[int, ...], hidden: list[int]) -> list[int]:
    swapped = list(table)
    swapped[hidden[0]], swapped[hidden[1]] = swapped[hidden[1]], swapped[hidden[0]]
    if len(hidden) > 2:
        swapped[hidden[0]], swapped[hidden[2]] = swapped[hidden[2]], swapped[hidden[0]]
    return swapped


def several(fits: list[tuple[int, ...]], totals: list[int]) -> None:
    assert fits
    for values, total in zip(zip(*fits, strict=True), totals, strict=True):
        assert len(set(values)) >= min(POSSIBLE, total + 1), fits


CHAIN = (Step.STUDENTS, Step.FLAGGED, Step.CASE, Step.CONTACTED, Step.ANSWERED)


@given(tables(most=2), st.integers())
def test_nor_by_holding_all_steps_against_each_other(
    counts: dict[Step, dict[str, int]], seed: int
) -> None:
    """The lead knows who was flagged and who was not, who was contacted and who was not. With two
    groups, every way in which all steps together fit is tried."""
    said = made(counts, seed)
    shown = [step for step in CHAIN if step in said and None not in said[step].values()]
    totals = [sum(counts[step].values()) for step in shown]
    fits: list[tuple[int, ...]] = [()]
    for step, total in zip(shown, totals, strict=True):
        one, other = said[step].values()
        assert one is not None
        assert other is not None
        values = [n for n in _near(one) if total - n in _near(other)]
        fits = [(*each, n) for each in fits for n in values if _is_part(each, n, totals)]
    several(fits, totals)
    gaps = [before - total for before, total in pairwise(totals)]
    several([tuple(b - a for b, a in pairwise(each)) for each in fits], gaps)


def _near(said: int) -> range:
    return range(max(0, said - OFF), said + OFF + 1)


def _is_part(before: tuple[int, ...], n: int, totals: list[int]) -> bool:
    if not before:
        return True
    gap = totals[len(before) - 1] - totals[len(before)]
    return 0 <= before[-1] - n <= gap


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_two_reports_never_differ_by_few_students(one: set[int], other: set[int]) -> None:
    now, then = ({str(each) for each in those} for those in (one, other))
    is_withheld = changed_by_few(now, [then])
    assert is_withheld == (0 < len(one ^ other) < FEWEST_CHANGED)
    assert changed_by_few(now, [set(), then]) >= is_withheld


def test_a_withheld_step_takes_its_parts_along() -> None:
    counts = {Step.STUDENTS: {"A": 60, "B": 60}} | {step: {"A": 40, "B": 40} for step in WITHIN}
    said = protect_counts(counts, random.Random(1).random, [Step.CONTACTED])
    assert Step.CONTACTED not in said
    assert Step.ANSWERED not in said
    assert Step.CLOSED in said


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"A": 100, "B": 90}, ""),
        ({"A": 100, "B": 22}, "AB"),
        ({"A": 100, "B": 90, "C": 4}, "BC"),
        ({"A": 100, "B": 90, "C": 14, "D": 15}, "CD"),
        ({"A": 100, "B": 90, "C": 4, "D": 5}, "BCD"),
        ({"A": 100, "B": SMALLEST}, ""),
        ({"A": 100, "B": SMALLEST - 1, "C": 1}, "BC"),
    ],
)
def test_one_hidden_group_hides_another(sizes: dict[str, int], hidden: str) -> None:
    assert hidden_groups(sizes) == set(hidden)


def test_a_reader_who_knows_the_totals_narrows_each_figure_by_its_parts() -> None:
    said: protect.Published = {
        Step.STUDENTS: {"A": 60, "B": None, "C": None},
        Step.FLAGGED: {"A": 30, "B": None, "C": None},
    }
    inside, left = protect.possible(said, {Step.STUDENTS: 200, Step.FLAGGED: 100})
    assert inside[Step.STUDENTS] == {"A": (58, 62), "B": (0, 142), "C": (0, 142)}
    assert inside[Step.FLAGGED] == {"A": (28, 32), "B": (0, 72), "C": (0, 72)}
    assert left == {Step.FLAGGED: {"A": (26, 34), "B": (0, 74), "C": (0, 74)}}
    one: protect.Published = {Step.STUDENTS: {"A": 60, "B": None}}
    inside, _ = protect.possible(one, {Step.STUDENTS: 200})
    assert inside == {Step.STUDENTS: {"A": (58, 62), "B": (138, 142)}}
    two: protect.Published
    two = {Step.STUDENTS: {"A": 60, "B": 90}, Step.FLAGGED: {"A": 30, "B": 45}}
    inside, left = protect.possible(two, {Step.STUDENTS: 153, Step.FLAGGED: 72})
    assert inside[Step.STUDENTS] == {"A": (61, 62), "B": (91, 92)}
    assert inside[Step.FLAGGED] == {"A": (28, 29), "B": (43, 44)}
    assert left == {Step.FLAGGED: {"A": (32, 34), "B": (47, 49)}}


def test_what_is_hidden_in_a_step_is_hidden_in_its_parts() -> None:
    counts = {Step.STUDENTS: {"A": 100, "B": 60, "C": 4}}
    counts |= {step: {"A": 30, "B": 50, "C": 3} for step in WITHIN}
    assert set(hidden_by_step(counts).values()) == {frozenset("BC")}
    said = protect_counts(counts, random.Random(1).random)
    assert len(said) > 1
    for groups in said.values():
        assert [group for group, number in groups.items() if number is None] == ["B", "C"]


def test_a_multiple_of_three_is_published_as_it_is() -> None:
    counts = {step: {"A": 60, "B": 90} for step in (Step.STUDENTS, *WITHIN)}
    said = protect_counts(
        counts, lambda: 0.0, [step for step in WITHIN if step is not Step.FLAGGED]
    )
    assert said == {step: {"A": 60, "B": 90} for step in (Step.STUDENTS, Step.FLAGGED)}


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
    assert said == "1 comparison, made: 1 difference that chance alone would rarely cause."
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
    assert [found.is_more for found in of.day_findings] == [True]


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
    """In a hundred reports without any true difference, five or fewer find one, in all likelihood
    fewer than twelve; with the rounding, which adds noise of its own."""
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
    """Of W. J. Conover, Practical Nonparametric Statistics; 201 by the normal approximation."""
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


def test_the_nearer_multiple_is_the_more_frequent_one() -> None:
    chance = random.Random(3).random
    counts = {Step.STUDENTS: {"A": 100, "B": 200}}
    counts |= {step: {"A": 0, "B": 0} for step in WITHIN}
    seen = Counter(protect_counts(counts, chance)[Step.STUDENTS]["A"] for _ in range(300))
    assert set(seen) == {99, 102}
    assert seen[99] > seen[102] > 0


def test_years_do_not_overlap_and_settle_before_they_are_reported() -> None:
    assert (YEAR.first, YEAR.last) == (dt.date(2025, 8, 1), dt.date(2026, 7, 31))
    assert newest_year(dt.date(2026, 8, 28)).first == dt.date(2024, 8, 1)
    assert newest_year(dt.date(2026, 8, 29)).first == dt.date(2025, 8, 1)
    first, last, today = dt.date(2024, 3, 1), dt.date(2027, 1, 1), dt.date(2026, 11, 30)
    assert [each.first.year for each in years_within(first, last, today)] == [2024, 2025]
    assert not list(years_within(dt.date(2025, 8, 2), dt.date(2026, 7, 31), today))
