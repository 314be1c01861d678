"""The card of a case whose student is reported to have died: one line, and who may decide."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.access.death import Death
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus

DECIDE = "decide"


def death_line(death: Death) -> str:
    """Say in one sentence that a death is reported, for every card and dialog."""
    return death.line(institution_day(death.reported_at))


def death_card(view: CaseView, death: Death, person: Actor | None = None) -> Card:
    """Show no evidence and no figures: only the button to confirm or correct the report."""
    said = death_line(death)
    can = person is None or view.ready is None or view.ready.can("death-decide", person)
    ids = {"case": str(view.case.id), "version": str(view.case.version), "step": DECIDE}
    decide = Button("Confirm or correct", "death", ids, opens_dialog=True)
    return Card(
        kind="case",
        summary=f"{view.case.reference}: {said}",
        blocks=(
            Text(view.case.reference, TextStyle.HEADING),
            Text(said),
            *((Actions((decide,)),) if can and not death.is_confirmed else ()),
        ),
    )


REPORTED = Death(sample.REPORTED_AT, 1, "Alice Example", is_confirmed=False)
"""The report in the examples."""


def reported_view() -> CaseView:
    """Return an example case whose student is reported to have died."""
    return replace(sample.sample_case_view(CaseStatus.IN_CONTACT), death=REPORTED)


@example("case-death-reported")
def _reported() -> Card:
    return death_card(reported_view(), REPORTED)


@example("case-died")
def _died() -> Card:
    return death_card(reported_view(), replace(REPORTED, is_confirmed=True))
