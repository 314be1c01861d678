"""The fairness report of one school and year, in figures that identify no one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Fold, Text, TextStyle
from bot.cards.kit.registry import example
from store.rules.fairness.report import (
    Characteristic,
    CharacteristicReport,
    DaysToContact,
    FairnessReport,
    fairness_report,
)
from store.rules.fairness.steps import Step
from store.rules.fairness.words import (
    NOTES,
    differences,
    headline,
    hidden_line,
    review_line,
    said_year,
    step_lines,
)
from store.rules.fairness.years import year_of
from store.rules.policies.review_calendar import Reviewed
from store.rules.text.formatting import counted


def fairness_card(
    report: FairnessReport, last: Reviewed | None, *, school: int, leads: bool
) -> Card:
    """Show the findings first, then every characteristic folded, and when it was reviewed.

    ``leads``: the reader may record a review.
    """
    title = f"Fairness: {report.school}"
    blocks: list[CardBlock] = [
        Text(title, TextStyle.HEADING),
        Text(f"{said_year(report.year)}. {headline(report)}"),
        *(Text(line) for of in report.characteristics for line in differences(of)),
        *(_folded(of) for of in report.characteristics),
        *(Text(note, TextStyle.SUBTLE) for note in NOTES),
        Text(review_line(last)),
    ]
    if leads:
        ids = {"school": str(school), "subject": "fairness"}
        blocks.append(
            Actions((Button("Record a review", "policy-review", ids, opens_dialog=True),))
        )
    return Card(kind="fairness", summary=f"{title}. {headline(report)}", blocks=tuple(blocks))


def _folded(of: CharacteristicReport) -> Fold:
    found = sum(len(line.findings) for line in of.lines) + len(of.day_findings)
    hint = counted(found, "difference") if found else "no difference shown"
    return Fold(of.name, hint, tuple(Text(line) for line in _lines(of)))


def _lines(of: CharacteristicReport) -> Iterator[str]:
    yield from step_lines(of)
    if hidden := hidden_line(of):
        yield hidden


def _sample(second: tuple[int, int]) -> FairnessReport:
    counts = {
        Step.STUDENTS: {"F": 201, "M": 180, "X": None},
        Step.FLAGGED: {"F": second[0], "M": second[1], "X": None},
        Step.CASE: {"F": 24, "M": 24, "X": None},
        Step.CONTACTED: {"F": 24, "M": 21, "X": None},
    }
    days = {"F": DaysToContact(3, 2, 5, 0.6), "M": DaysToContact(4, 2, 6, 0.6)}
    year = year_of(sample.DAY)
    return fairness_report(
        "LANG", "School of Invented Languages", year, [Characteristic("sex", counts, days)]
    )


@example("fairness")
def _none() -> Card:
    return fairness_card(_sample((24, 27)), None, school=1, leads=True)


@example("fairness-found")
def _found() -> Card:
    held = Reviewed(sample.DAY - dt.timedelta(days=9), "Lena Example", "Timetabled labs count now.")
    return fairness_card(_sample((60, 18)), held, school=1, leads=False)
