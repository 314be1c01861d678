"""Exempting a programme or a module together: whom, why, from when and to when."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.pause import EXEMPTIONS
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.model import ExemptionKind


def exempt_group_dialog(school: School, today: dt.date) -> Dialog:
    """That a student has died is recorded for one at a time."""
    kinds = [kind for kind in ExemptionKind if kind is not ExemptionKind.DECEASED]
    return Dialog(
        kind="exempt-group",
        title="Exempt a group",
        action="exempt-group",
        ids={"school": str(school.id)},
        submit="Exempt the group",
        blocks=(
            Text(
                f"{school.name}. In that time no flag is raised about anybody in the group, and "
                "nobody writes to them about engagement.",
                TextStyle.SUBTLE,
            ),
            Input("group", "Who?", hint="As in: module FR101, or programme R100.", max_length=60),
            Select("kind", "Why?", tuple(Option(kind.value, EXEMPTIONS[kind]) for kind in kinds)),
            Input("first", "First day", InputKind.DATE, value=today.isoformat()),
            Input("last", "Last day", InputKind.DATE),
            Input("reason", "What is known?", hint="A few words, without what is private."),
        ),
    )


@example("dialog-exempt-group")
def _group() -> Dialog:
    return exempt_group_dialog(School(1, "LANG", "School of Invented Languages"), sample.DAY)
