"""The dialog to record where and when students were told of the school's policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import school_dialog
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Route, Told, evidence_missing, route_meant
from store.rules.text.formatting import listed
from store.rules.text.limits import LONGEST_ON_A_CARD


def publication_dialog(
    school: School, policy: SchoolPolicy, told: Sequence[Told], today: dt.date
) -> Dialog:
    """Ask how students were told of the policy: the route, the place or colleague, and the day."""
    missing = evidence_missing(policy, told)
    first = next(filter(None, map(route_meant, missing)), Route.HANDBOOK)
    still = f"Not recorded yet: {listed(missing)}." if missing else "Each route is recorded."
    return school_dialog(
        school,
        "publication",
        title="Record publication",
        submit="Record",
        blocks=(
            Text(f"{school.name}. {still}", TextStyle.SUBTLE),
            Select(
                "route",
                "How were students told?",
                tuple(Option(each.value, each.label.capitalize()) for each in Route),
                chosen=first.value,
            ),
            Input("place", "Where, or by which colleague?", max_length=LONGEST_ON_A_CARD),
            Input("day", "On which day?", InputKind.DATE, value=today.isoformat()),
            Text("Students read this in the school's statement.", TextStyle.SUBTLE),
        ),
    )


@example("dialog-publication")
def _publication() -> Dialog:
    school = School(1, "LANG", "School of Invented Languages")
    return publication_dialog(school, sample.sample_policy(), (), sample.DAY)
