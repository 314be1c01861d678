"""The dialogs for a decision on Fitness to Study, and for viewing digital traces."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import Dialog, Input, InputKind, Option, Select, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.cases.fitness_to_study import Assessment, FitnessQuestion
from store.rules.model import CaseStatus, FitnessDecision
from store.rules.students.digital_traces import LOGINS, SWIPES

DECISIONS = {
    FitnessDecision.INVOKE: "Invoke it, and refer the case",
    FitnessDecision.NOT_NOW: "Not now",
}


def fitness_dialog(view: CaseView, question: FitnessQuestion) -> Dialog:
    """List what argues against Fitness to Study; where nothing does, ask for the decision."""
    title = "Fitness to Study"
    if not question.assessment.recommended:
        return case_dialog(
            view,
            "fitness",
            title=title,
            blocks=(
                Text(f"It is not recommended now for {view.case.reference}:"),
                *(Text(each) for each in question.assessment.blocks),
            ),
        )
    return case_dialog(
        view,
        "fitness",
        title=title,
        submit="Decide",
        blocks=(
            Text(question.summary),
            Text("You decide whether it is right. Lantern never does."),
            Select(
                "decision",
                "What do you decide?",
                tuple(Option(each.value, DECISIONS[each]) for each in FitnessDecision),
            ),
            Input("why", "Why?", InputKind.PARAGRAPH, max_length=1000),
        ),
    )


def traces_dialog(view: CaseView, has_swipes: bool = False) -> Dialog:
    """Ask for a purpose before digital traces are shown: the last resort, and recorded.

    ``has_swipes``: whether the school has sources of card swipes, which need a choice of their own.
    """
    what = Select(
        "what",
        "Where?",
        (
            Option(LOGINS, "Log-ins and use of the learning space"),
            Option(SWIPES, "Card swipes, only where log-ins showed nothing"),
        ),
        chosen=LOGINS,
    )
    return case_dialog(
        view,
        "traces",
        title=f"Traces, {view.case.reference}",
        submit="Look",
        blocks=(
            Text(
                "This is the last step of the contact ladder. The case records that you looked, "
                "and why.",
                TextStyle.SUBTLE,
            ),
            *([what] if has_swipes else []),
            Input("purpose", "Why do you need to see them?", max_length=200),
        ),
    )


@example("dialog-fitness-blocked")
def _blocked() -> Dialog:
    view = sample.sample_case_view(CaseStatus.IN_CONTACT)
    blocks = ("The contact ladder is not finished: phone comes next.",)
    since = sample.DAY - dt.timedelta(days=28)
    return fitness_dialog(view, FitnessQuestion(view.case, Assessment(since, blocks), ""))


@example("dialog-fitness")
def _fitness() -> Dialog:
    view = sample.sample_case_view(CaseStatus.IN_CONTACT)
    since = sample.DAY - dt.timedelta(days=28)
    summary = "LANG-12, opened on Monday 9 November.\nNo activity since Monday 12 October."
    return fitness_dialog(view, FitnessQuestion(view.case, Assessment(since, ()), summary))


@example("dialog-traces")
def _traces() -> Dialog:
    return traces_dialog(sample.sample_case_view(CaseStatus.IN_CONTACT))


@example("dialog-traces-with-swipes")
def _traces_with_swipes() -> Dialog:
    return traces_dialog(sample.sample_case_view(CaseStatus.IN_CONTACT), has_swipes=True)
