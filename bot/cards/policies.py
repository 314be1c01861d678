"""The private simulation of a draft policy, for the engagement lead who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import school_dialog
from bot.cards.kit.model import (
    Card,
    CardBlock,
    Chart,
    Dialog,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.policies.draft import figures_of
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.simulation import (
    CohortShare,
    HeldDay,
    SimulatedGroup,
    SimulatedWeek,
    Simulation,
    describe_simulation,
    trend,
)
from store.rules.text.formatting import counted, short_day


def weeks_chart(simulation: Simulation) -> Chart:
    """Show new cases in each week, against the weekly limit."""
    points = tuple((short_day(week.first), week.cases) for week in simulation.weeks)
    return Chart("New cases a week", points, max(1, *(n for _, n in points)), trend(simulation))


def simulation_card(simulation: Simulation, changes: Sequence[str] = ()) -> Card:
    """Show a simulation on one screen. It names only the school's own cases, and no student.

    ``changes`` are the differences between the draft and the version in force, a sentence each.
    """
    title = (
        f"The draft for {simulation.school}, {short_day(simulation.first)} to "
        f"{short_day(simulation.last)}"
    )
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    if changes:
        blocks.append(Text("\n".join(changes)))
    if simulation.weeks:
        blocks.append(weeks_chart(simulation))
    blocks.append(Text("\n".join(describe_simulation(simulation))))
    blocks.append(Text("No live case was changed.", TextStyle.SUBTLE))
    return Card(
        kind="simulation",
        summary=f"{title}: {counted(simulation.cases, 'case')}.",
        blocks=tuple(blocks),
    )


@example("simulation")
def _simulation() -> Card:
    first = dt.date(2026, 10, 5)
    weeks = ((6, 0), (11, 2), (9, 0), (17, 4))
    return simulation_card(
        Simulation(
            school="LANG",
            first=first,
            last=first + dt.timedelta(days=27),
            weeks=tuple(
                SimulatedWeek(first + dt.timedelta(days=7 * n), cases, 70, waiting)
                for n, (cases, waiting) in enumerate(weeks)
            ),
            cases=43,
            one_family=12,
            busiest=(dt.date(2026, 10, 28), 14),
            shares=(CohortShare("FR101", 19, 140), CohortShare("DE102", 9, 92)),
            held=(HeldDay(dt.date(2026, 10, 28), "FR101", 11, 140),),
            compared_with=3,
            new=SimulatedGroup(("LANG-41",), 1),
            gone=SimulatedGroup(("LANG-12",)),
            cases_before=42,
        ),
        ["rules.inactivity.days was 14; it becomes 10."],
    )


@example("simulation-nothing")
def _nothing() -> Card:
    day = dt.date(2026, 10, 5)
    week = SimulatedWeek(day, 0, 10, 0)
    return simulation_card(Simulation("LANG", day, day, (week,), 0, 0, None, (), (), None))


def simulation_dialog(
    school: School, policy: SchoolPolicy, first: dt.date, last: dt.date
) -> Dialog:
    """Ask for one threshold and a new value; more than one at once needs the command."""
    options = tuple(Option(each.key, each.label) for each in figures_of(policy)[:100])
    return school_dialog(
        school,
        "simulate",
        title="Test a threshold",
        submit="Test it",
        blocks=(
            Text(
                f"{school.name}. Lantern screens past days again with this value, and compares the "
                "result with the policy in force. No live case changes. It may take a minute.",
                TextStyle.SUBTLE,
            ),
            Select("figure", "Which figure?", options),
            Input("value", "New value", max_length=20),
            Input("first", "First day", InputKind.DATE, value=first.isoformat()),
            Input("last", "Last day", InputKind.DATE, value=last.isoformat()),
        ),
    )


@example("dialog-simulate")
def _simulate() -> Dialog:
    school = School(1, "LANG", "School of Invented Languages")
    first = sample.DAY - dt.timedelta(days=27)
    return simulation_dialog(school, sample.sample_policy(), first, sample.DAY)
