"""Fairness figures: hidden counts cannot be worked out, and chance is not called a finding."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise, product

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
from store.rules.fairness.steps import WITHIN, Step
from store.rules.small_numbers import SMALLEST

GROUPS = "ABCDEF"


@st.composite
def tables(draw: st.DrawFn, most: int = 6) -> dict[Step, dict[str, int]]:
    """Draw counts of groups in every step, each at most that of the step it is part of."""
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
    """Tries every count that fits. Each group of a step, shown or hidden, has at least three, and
    so has each group of those in a step but not in its part."""
    said = made(counts, seed)
    for step in said:
        total = sum(counts[step].values())
        several(possible(said[step], total), [total] * len(counts[step]))


def possible(said: dict[str, int | None], total: int) -> list[tuple[int, ...]]:
    """Return every table of counts that rounds to this and adds up; large groups are cut short."""
    ranges = [
        range(total + 1) if n is None else range(max(0, n - OFF), n + OFF + 1)
        for n in said.values()
    ]
    hidden = [at for at, n in enumerate(said.values()) if n is None]
    if not hidden:
        return [each for each in product(*ranges) if sum(each) == total]
    # For the hidden groups it matters only that they can share the rest.
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
    """The lead knows which students were flagged and contacted. With two groups, every way in which
    all steps fit together is tried."""
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


def test_the_nearer_multiple_is_the_more_frequent_one() -> None:
    chance = random.Random(3).random
    counts = {Step.STUDENTS: {"A": 100, "B": 200}}
    counts |= {step: {"A": 0, "B": 0} for step in WITHIN}
    seen = Counter(protect_counts(counts, chance)[Step.STUDENTS]["A"] for _ in range(300))
    assert set(seen) == {99, 102}
    assert seen[99] > seen[102] > 0
