"""The fairness report of one school and year: rates of each group, and how to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from store.rules.fairness.protect import Group
from store.rules.fairness.statistics import (
    LEVEL,
    adjusted,
    compare_rates,
    smallest_shown,
    wilson,
)
from store.rules.fairness.steps import WITHIN, Step
from store.rules.fairness.years import AcademicYear

TIME = "time"
"""Stands for the days to a first contact among the steps."""
Chances = Mapping[tuple[str, str, Group], float]
"""(characteristic, step or ``TIME``, group) → how likely chance makes the difference."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class DaysToContact:
    """Days from a case's opening to the first contact: median, 95% range, and how likely chance
    makes this group differ so much from the others shown."""

    median: int
    low: int
    high: int
    chance: float


@dataclass(frozen=True, slots=True)
class Characteristic:
    """What is published of one characteristic; it does not change any more.

    ``counts`` is ``protect.Published``. ``days`` maps groups to their times to a first contact.
    """

    name: str
    counts: Mapping[Step, Mapping[Group, int | None]]
    days: Mapping[Group, DaysToContact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """A group's rate in a step, from 0 to 1, with its 95% range. ``of`` is rounded."""

    group: Group
    some: int
    of: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Return the rate, 0 to 1, computed from the published numbers."""
        return min(1.0, self.some / self.of)

    @property
    def pair(self) -> tuple[int, int]:
        """Return the published numbers: at most all of the students."""
        return min(self.some, self.of), self.of


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """A group that differs from the others shown: more than chance would explain."""

    group: Group
    chance: float
    """After adjustment for all comparisons of the report."""
    others: float
    """The others' rate; for times 0."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """The groups in one step, and the findings among them.

    ``unseen`` is the smallest difference that these numbers would show; None: nothing to compare.
    """

    step: Step
    rates: tuple[Rate, ...]
    findings: tuple[GroupDifference, ...]
    unseen: float | None
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class CharacteristicReport:
    """The report on one characteristic: a line for each step, and the times to a first contact."""

    name: str
    lines: tuple[StepLine, ...]
    days: tuple[tuple[Group, DaysToContact], ...]
    day_findings: tuple[GroupDifference, ...]
    has_hidden: bool
    """Whether a group has too few students in a step."""


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """All characteristics of a school in a year."""

    code: str
    school: str
    year: AcademicYear
    characteristics: tuple[CharacteristicReport, ...]
    comparisons: int


def fairness_report(
    code: str, school: str, year: AcademicYear, published: Sequence[Characteristic]
) -> FairnessReport:
    """Build the report from what is published of each characteristic.

    Every figure about rates is made from published numbers alone.
    """
    chances = {
        (each.name, subject, group): chance
        for each in published
        for subject, group, chance in _comparisons(each)
    }
    together = adjusted(chances)
    return FairnessReport(
        code,
        school,
        year,
        tuple(_characteristic(each, together) for each in published),
        len(together),
    )


def _comparisons(of: Characteristic) -> Iterator[tuple[str, Group, float]]:
    """Yield (step or ``TIME``, group, chance) for each group held against the others shown."""
    for step in WITHIN:
        shown = _rates(of, step)
        for one in _distinct(shown):
            yield step, one.group, compare_rates(one.pair, _others(shown, one))
    for group in _distinct(sorted(of.days)):
        yield TIME, group, of.days[group].chance


def _distinct(shown: Sequence[Item]) -> Sequence[Item]:
    """Return those to be compared with the others: of two, one comparison says everything."""
    return shown[:1] if len(shown) == 2 else shown if len(shown) > 2 else ()


def _rates(of: Characteristic, step: Step) -> tuple[Rate, ...]:
    if step not in of.counts:
        return ()
    whole = of.counts[WITHIN[step]]
    return tuple(
        Rate(group, some, all_of_them, *wilson(min(some, all_of_them), all_of_them))
        for group, some in sorted(of.counts[step].items())
        if some is not None and (all_of_them := whole[group])
    )


def _others(shown: Sequence[Rate], one: Rate) -> tuple[int, int]:
    rest = [each.pair for each in shown if each is not one]
    return sum(some for some, _ in rest), sum(of for _, of in rest)


def _characteristic(of: Characteristic, together: Chances) -> CharacteristicReport:
    found = tuple(
        GroupDifference(group, chance, 0.0)
        for group in _distinct(sorted(of.days))
        if (chance := together[of.name, TIME, group]) <= LEVEL
    )
    return CharacteristicReport(
        of.name,
        tuple(_line(of, step, together) for step in WITHIN),
        tuple(sorted(of.days.items())),
        found,
        any(count is None for counts in of.counts.values() for count in counts.values()),
    )


def _line(of: Characteristic, step: Step, together: Chances) -> StepLine:
    shown = _rates(of, step)
    found = []
    for one in _distinct(shown):
        chance = together[of.name, step, one.group]
        some, out_of = _others(shown, one)
        if chance <= LEVEL:
            found.append(GroupDifference(one.group, chance, some / out_of))
    seen = [smallest_shown(one.pair, _others(shown, one)) for one in _distinct(shown)]
    return StepLine(step, shown, tuple(found), max(seen, default=None), step not in of.counts)
