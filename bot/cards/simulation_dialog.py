"""Trying a figure of the policy out: which one, what it would be, and over which days."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.policies.draft import figures_of
from store.rules.policies.policy import SchoolPolicy


def simulation_dialog(
    school: School, policy: SchoolPolicy, first: dt.date, last: dt.date
) -> Dialog:
    """One figure at a time; more of them at once go by command."""
    options = tuple(Option(each.key, each.label) for each in figures_of(policy)[:100])
    return Dialog(
        kind="simulate",
        title="Try a figure out",
        action="simulate",
        ids={"school": str(school.id)},
        submit="Try it out",
        blocks=(
            Text(
                f"{school.name}. Past days are gone through again with this figure, beside what "
                "is in force. No live case is touched. It may take a minute.",
                TextStyle.SUBTLE,
            ),
            Select("figure", "Which figure?", options),
            Input("value", "What would it be?", max_length=20),
            Input("first", "First day", InputKind.DATE, value=first.isoformat()),
            Input("last", "Last day", InputKind.DATE, value=last.isoformat()),
        ),
    )


@example("dialog-simulate")
def _simulate() -> Dialog:
    school = School(1, "LANG", "School of Invented Languages")
    first = sample.DAY - dt.timedelta(days=27)
    return simulation_dialog(school, sample.policy(), first, sample.DAY)
