"""The dialog to exempt a programme or module: students, reason, first and last day."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.pause import EXEMPTIONS
from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import school_dialog
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.model import ExemptionKind


def exempt_group_dialog(school: School, today: dt.date) -> Dialog:
    """Ask for a group and a reason. A death is recorded for one student at a time."""
    kinds = [kind for kind in ExemptionKind if kind is not ExemptionKind.DECEASED]
    return school_dialog(
        school,
        "exempt-group",
        title="Exempt a group",
        submit="Exempt the group",
        blocks=(
            Text(
                f"{school.name}. During this time Lantern raises no flags about students in the "
                "group, and no emails about engagement are sent to them.",
                TextStyle.SUBTLE,
            ),
            Input("group", "Group", hint="As in: module FR101, or programme R100.", max_length=60),
            Select("kind", "Why?", tuple(Option(kind.value, EXEMPTIONS[kind]) for kind in kinds)),
            Input("first", "First day", InputKind.DATE, value=today.isoformat()),
            Input("last", "Last day", InputKind.DATE),
            Input("reason", "What is the reason?", hint="A few words. Leave out private details."),
        ),
    )


@example("dialog-exempt-group")
def _group() -> Dialog:
    return exempt_group_dialog(School(1, "LANG", "School of Invented Languages"), sample.DAY)
