"""Work and meetings received against those expected: telling an outage from a quiet week."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import pytest

from store.rules.flag_rules.arrivals import (
    HELD_FOR,
    ClassWork,
    HeldWork,
    days_without_meetings,
    held_work,
    is_far_fewer,
    not_to_be_judged,
)
from store.rules.notices.feed_news import said_held

FIRST = dt.date(2026, 10, 5)
"""A Monday."""
ARRIVED_SHARE = 0.25
"""The policy's own share: no work counts as missing until this much of the class handed it in."""
READING_WEEKS = (5, 11, 12)
BUSY_WEEKS = (6, 9, 14)
WEEKS = 18
ESSAY: Mapping[int, float] = {
    -8: 0.02, -5: 0.04, -3: 0.07, -2: 0.09, -1: 0.24, 0: 0.36, 1: 0.04, 2: 0.02, 4: 0.03, 7: 0.02,
}  # fmt: skip
"""Days after the due date → the share of a class that hands in on that day, as in real terms."""
TEST: Mapping[int, float] = {0: 0.92, 7: 0.03}
BATCH: Mapping[int, float] = {4: 0.93}


@dataclass(frozen=True)
class Deadline:
    """A piece of work of a class: the day each student handed it in, None for never."""

    school: str
    module: str
    item: str
    due: dt.date
    handed_in: tuple[dt.date | None, ...]


def a_term(seed: int) -> list[Deadline]:
    """Return random deadlines of four schools: weeks with none, and weeks with one per module."""
    chance = random.Random(f"term {seed}")
    made = []
    for school in "ABCD":
        for number in range(8):
            students = max(6, round(chance.gauss(50, 20)))
            for nth in range(chance.randint(2, 6)):
                usual = [week for week in range(1, WEEKS - 3) if week not in READING_WEEKS]
                week = chance.choice(usual if chance.random() < 0.6 else BUSY_WEEKS)
                due = FIRST + dt.timedelta(days=7 * week + chance.choice((0, 2, 3, 4, 4, 4)))
                shape = chance.choice((ESSAY, ESSAY, TEST, BATCH))
                days = tuple(_hands_in(chance, shape, due) for _ in range(students))
                made.append(Deadline(school, f"{school}{number}", f"Work {nth}", due, days))
    return made


def _hands_in(chance: random.Random, shape: Mapping[int, float], due: dt.date) -> dt.date | None:
    left = chance.random()
    for days, share in shape.items():
        left -= share
        if left < 0:
            return due + dt.timedelta(days=days)
    return None


def known(
    term: Iterable[Deadline],
    last: dt.date,
    is_lost: Callable[[Deadline, dt.date], bool] = lambda _work, _day: False,
) -> list[ClassWork]:
    """Return what a source has delivered by ``last``, without what is lost."""
    works = []
    for each in term:
        came: dict[int, int] = defaultdict(int)
        for day in each.handed_in:
            if day is not None and day <= last and not is_lost(each, day):
                came[max(0, (day - each.due).days)] += 1
        if each.due <= last:
            asked = len(each.handed_in)
            works.append(
                ClassWork(each.school, "hand-in", each.module, each.item, each.due, asked, came)
            )
    return works


def held(works: Collection[ClassWork], last: dt.date) -> set[tuple[str, str]]:
    doubted = not_to_be_judged(works, held_work(works, last), last)
    return {(each.module, each.item) for each in doubted}


@pytest.mark.parametrize("seed", range(5))
def test_deadlines_at_random_hold_hardly_any_work(seed: int) -> None:
    term, missing, withheld = a_term(seed), 0, 0
    for week in range(2, WEEKS):
        last = FIRST + dt.timedelta(weeks=week)
        works = known(term, last)
        now = held(works, last)
        for each in works:
            days = (last - each.due).days
            if days > 7 and each.share(days) >= ARRIVED_SHARE:
                missing += each.asked - each.arrived(days)
                withheld += (each.asked - each.arrived(days)) * ((each.module, each.item) in now)
    assert missing > 500
    assert withheld <= 0.02 * missing


@pytest.mark.parametrize("kind", ["none", "40 %", "one school"])
def test_work_that_a_feed_has_lost_is_held(kind: str) -> None:
    """A week or two days of the submissions feed are lost and never arrive."""
    lost = missed = 0
    for seed in range(5):
        for day, days in ((42, 7), (66, 2), (98, 7)):
            gone, found = _lose(a_term(seed), kind, FIRST + dt.timedelta(days=day), days)
            lost, missed = lost + gone, missed + found
    assert lost > 1_000
    # The rest is a student or two of a class, no more than are missing by chance.
    assert missed <= 0.003 * lost


def _lose(term: list[Deadline], kind: str, first: dt.date, days: int) -> tuple[int, int]:
    """Return the number of lost pieces, and of those that count as missed a week later."""
    chance = random.Random(f"{kind} {first}")

    def is_lost(each: Deadline, day: dt.date) -> bool:
        if not 0 <= (day - first).days < days:
            return False
        if kind == "one school":
            return each.school == "B"
        return kind == "none" or chance.random() >= 0.4

    last = first + dt.timedelta(days=15)
    works = known(term, last, is_lost)
    now = held(works, last)
    lost = missed = 0
    for before, after in zip(known(term, last), works, strict=True):
        age = (last - after.due).days
        gone = before.arrived(age) - after.arrived(age)
        is_held = (after.module, after.item) in now
        lost += gone
        missed += gone * (not is_held and age > 7 and after.share(age) >= ARRIVED_SHARE)
    return lost, missed


def test_work_is_held_for_three_weeks_at_most() -> None:
    shares = [(week, 20) for week in range(4)] + [(6, 9)]
    works = [
        ClassWork("A", "hand-in", "A1", f"Work {week}", FIRST + dt.timedelta(weeks=week), 21,
                  {0: came})
        for week, came in shares
    ]  # fmt: skip
    due = works[-1].due
    assert held(works, due + HELD_FOR) == {("A1", "Work 6")}
    assert held(works, due + HELD_FOR + dt.timedelta(days=1)) == set()
    near = ClassWork("A", "hand-in", "A2", "Near", due - dt.timedelta(days=7), 21, {0: 21})
    far = replace(near, item="Far", due=due - dt.timedelta(days=8))
    assert held([*works, near, far], due + dt.timedelta(days=7)) == {
        ("A1", "Work 6"),
        ("A2", "Near"),
    }
    on_paper = replace(works[-1], came={})
    assert held([*works[:-1], on_paper, near], due + dt.timedelta(days=7)) == set()


def test_the_leads_are_told_which_work_and_until_when() -> None:
    work = ClassWork("A", "hand-in", "GLA101", "Essay 1", dt.date(2026, 11, 6), 60, {0: 20, 9: 4})
    said = said_held("hand-in", [HeldWork(work, 24, 0.9)])
    assert "20 of 60 students handed in Essay 1 in GLA101 within a week of Friday 6 Nov" in said
    assert "Until Friday 27 November, or until the rest arrives, Lantern does not treat" in said
    assert "nor other work due within 7 days of it." in said
    assert said_held("hand-in", [HeldWork(work, 25, 0.8)]) == said, "the same from day to day"
    many = [HeldWork(replace(work, item=f"Essay {n}"), 24, 0.9) for n in range(5)]
    for held_now, more in ((many[:3], 0), (many[:4], "1 more piece"), (many, "2 more pieces")):
        told = said_held("hand-in", held_now)
        assert (f"; the same applies to {more} of work. Until" in told) is bool(more)
        assert ("the same applies" in told) is bool(more)
        assert "Essay 3" not in told


@pytest.mark.parametrize(
    ("asked", "arrived", "is_few"),
    [(4, 3, False), (4, 2, True), (10, 8, False), (10, 7, True), (60, 46, False), (60, 45, True)],
)
def test_one_or_two_more_than_usual_are_chance(asked: int, arrived: int, is_few: bool) -> None:
    assert is_far_fewer(asked, arrived, 0.95) == is_few


def test_a_day_on_which_no_meeting_took_place_is_unknown_and_a_quiet_one_is_not() -> None:
    days = {FIRST + dt.timedelta(days=n): (10 * (n % 3), 9 * (n % 3)) for n in range(12)}
    assert days_without_meetings(days) == []
    last = max(days)
    assert days_without_meetings(days | {last: (20, 0)}) == [last]
    assert days_without_meetings(days | {last: (20, 14)}) == []
    assert days_without_meetings(days | {last: (2, 2)}) == []
