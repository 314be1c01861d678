"""The result of a draft policy on past weeks, and its description in a few lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.waits import Waits, describe_waits
from store.rules.text.formatting import counted, listed, short_day

_NAMED = 6


@dataclass(frozen=True, slots=True)
class SimulatedWeek:
    """One week: new cases, the limit, and the students still waiting at its end."""

    first: dt.date
    cases: int
    room: int
    waiting: int


@dataclass(frozen=True, slots=True)
class CohortShare:
    """How many of a module's students would have been flagged at all."""

    module: str
    flagged: int
    cohort: int

    @property
    def percent(self) -> int:
        """Return the share as a whole percentage."""
        return round(100 * self.flagged / self.cohort) if self.cohort else 0


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A day that would have been held as a question about the data."""

    day: dt.date
    module: str
    flagged: int
    cohort: int


@dataclass(frozen=True, slots=True)
class SimulatedGroup:
    """Students by the reference of their case in the school, and how many have none.

    No student is named, so a simulation can be printed anywhere.
    """

    references: tuple[str, ...] = ()
    without_case: int = 0

    def __len__(self) -> int:
        return len(self.references) + self.without_case


@dataclass(frozen=True, slots=True)
class Simulation:
    """The past weeks under a draft, compared with the same weeks under the version in force.

    ``new`` are students that only the draft finds, ``gone`` those that it no longer finds.
    """

    school: str
    first: dt.date
    last: dt.date
    weeks: tuple[SimulatedWeek, ...]
    cases: int
    """Students who would have got a case."""
    one_family: int
    """Of those, how many rested on one family of evidence alone."""
    busiest: tuple[dt.date, int] | None
    """The day with the most new students, without a daily limit."""
    shares: tuple[CohortShare, ...]
    """The largest share first."""
    held: tuple[HeldDay, ...]
    compared_with: int | None
    """The version in force; None: there is none."""
    new: SimulatedGroup = SimulatedGroup()
    gone: SimulatedGroup = SimulatedGroup()
    cases_before: int = 0
    """Students who get a case under the version in force."""
    missing: tuple[tuple[str, str], ...] = ()
    """(source, days in words) of the school days that were not measured."""
    waits: tuple[Waits, Waits] | None = None
    """How long students wait at the draft's daily limit, and at a larger one; None: not known."""

    looks: tuple[int, int] = (0, 0)
    """How many students would have been worth a look without a flag, and how many on the busiest
    day."""

    @property
    def room(self) -> int:
        """Return how many cases the daily limits would have allowed in all."""
        return sum(week.room for week in self.weeks)


Simulate = Callable[[SchoolPolicy, dt.date, dt.date], Simulation]
"""Runs a draft: (draft, first day, last day), both included."""


def describe_simulation(simulation: Simulation) -> list[str]:
    """Describe the result on one screen, without the weeks, which are a chart."""
    lines = [_cases(simulation)]
    if simulation.busiest:
        day, number = simulation.busiest
        lines.append(f"Busiest day: {short_day(day)}, {counted(number, 'new student')}.")
    if simulation.cases:
        lines.append(
            f"Based on only one family of evidence: {simulation.one_family} of {simulation.cases}."
        )
    if simulation.looks[0]:
        every, most = simulation.looks
        who = counted(every, "student")
        lines.append(f"Worth a look, without a flag: {who}, at most {most} on a day.")
    if simulation.waits:
        lines += describe_waits(*simulation.waits)
    lines += _compared(simulation)
    shares = [
        f"{each.module} {each.percent}% ({each.flagged} of {each.cohort})"
        for each in simulation.shares[:_NAMED]
    ]
    if shares:
        lines.append(f"Share of each cohort: {_some(shares, len(simulation.shares))}.")
    if simulation.held:
        days = [
            f"{short_day(each.day)} {each.module} ({each.flagged} of {each.cohort})"
            for each in simulation.held[:_NAMED]
        ]
        lines.append(f"Held because the data may be wrong: {_some(days, len(simulation.held))}.")
    lines += [
        f"No data from {source} for {days}, so these days cannot show inactivity."
        for source, days in simulation.missing
    ]
    return lines


def trend(simulation: Simulation) -> str:
    """Describe the weeks in a sentence, for people who cannot see the chart."""
    weeks = [
        f"{each.cases} in the week of {short_day(each.first)}"
        + (f" ({each.waiting} waiting)" if each.waiting else "")
        for each in simulation.weeks
    ]
    return f"New cases: {listed(weeks)}."


def _cases(simulation: Simulation) -> str:
    over = [week for week in simulation.weeks if week.waiting]
    waits = f" In {counted(len(over), 'week')} some still waited at the end." if over else ""
    return (
        f"{counted(simulation.cases, 'case')} in {counted(len(simulation.weeks), 'week')}, with "
        f"room for {simulation.room}.{waits}"
    )


def _compared(simulation: Simulation) -> list[str]:
    if simulation.compared_with is None:
        return ["There is no version in force to compare with."]
    return [
        f"Version {simulation.compared_with} gives {counted(simulation.cases_before, 'case')} in "
        "the same days.",
        f"New under the draft: {_who(simulation.new)}.",
        f"No longer found: {_who(simulation.gone)}.",
    ]


def _who(group: SimulatedGroup) -> str:
    if not len(group):
        return "no students"
    named = group.references
    parts = [_some(named[:_NAMED], len(named))] if named else []
    if group.without_case:
        parts.append(f"{counted(group.without_case, 'student')} without a case")
    return f"{len(group)} – {'; '.join(parts)}"


def _some(shown: list[str] | tuple[str, ...], total: int) -> str:
    left = total - len(shown)
    return f"{', '.join(shown)} and {left} more" if left > 0 else listed(shown)
