"""The private dialogs of a case: add a view, log, assign, close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards.cases.details import marker, sources, strongest_active
from bot.cards.cases.state import OPINIONS
from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import (
    Dialog,
    DialogBlock,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.cases.owner_suggestions import OwnerCandidate, Suggestion
from store.queries.cases.records import CaseView
from store.rules.access.confidentiality import Readers
from store.rules.cases.contact_ladder import RESULTS
from store.rules.model import (
    CaseStatus,
    Help,
    InterventionKind,
    Opinion,
    Outcome,
    Usefulness,
)
from store.rules.text.formatting import on_day

USES = {
    Usefulness.TRUE_CONCERN: "Yes, it was a true concern",
    Usefulness.KNOWN_CIRCUMSTANCES: "The circumstances were known",
    Usefulness.DATA_ERROR: "The data was wrong",
    Usefulness.NOT_USEFUL: "No, it was not useful",
}


REACHED, NOT_REACHED = "reached", "not-reached"
"""Whether the student was present at a meeting or a call."""


def view_dialog(view: CaseView, opinion: Opinion | None = None, reason: str = "") -> Dialog:
    """Show the evidence of the case, and ask what should happen.

    ``opinion`` and ``reason`` are what a colleague typed before reading the evidence.
    """
    unread = "Nothing is saved yet. Read why the case is open, then add your view."
    return case_dialog(
        view,
        "view",
        title=f"Your view on {view.case.reference}",
        submit="Add view",
        blocks=(
            *([Text(unread, TextStyle.SUBTLE)] if reason else []),
            *list_reasons(view),
            *sources(view),
            Select(
                "opinion",
                "What should happen?",
                tuple(Option(o.value, OPINIONS[o].capitalize()) for o in Opinion),
                chosen=opinion.value if opinion else None,
            ),
            Input(
                "reason",
                "Why?",
                InputKind.PARAGRAPH,
                reason,
                hint="A few words. Colleagues can read them, and the student may ask to.",
            ),
        ),
    )


def take_dialog(view: CaseView) -> Dialog:
    """Ask before a case is taken from the colleague who owns it."""
    return case_dialog(
        view,
        "take",
        title=f"Take {view.case.reference}",
        submit="Take",
        blocks=(Text(f"{view.owner} owns this case. If you take it, you become its owner."),),
    )


def log_dialog(view: CaseView) -> Dialog:
    """Ask what the colleague did, an attempt to reach the student and a note included."""
    kinds = tuple(Option(kind.value, kind.label.capitalize()) for kind in InterventionKind)
    attempts = tuple(Option(rung.value, f"Attempt: {rung.label}") for rung in RESULTS)
    results = dict.fromkeys(each for possible in RESULTS.values() for each in possible)
    return case_dialog(
        view,
        "log",
        title=f"Log for {view.case.reference}",
        submit="Log",
        blocks=(
            Select("kind", "What did you do?", (*kinds, *attempts)),
            Input("note", "What happened?", InputKind.PARAGRAPH, required=False),
            Select(
                "result",
                "What was the result?",
                tuple(Option(each.value, each.label.capitalize()) for each in results),
                required=False,
                hint="For an attempt to reach the student.",
            ),
            Select(
                "reached",
                "Was the student present?",
                (Option(REACHED, "Yes"), Option(NOT_REACHED, "No")),
                required=False,
                hint="For a meeting or a call. If the student was present, it counts as contact.",
            ),
            Input(
                "on",
                "When was it?",
                required=False,
                hint="Leave empty for today. For example yesterday, friday or 2 november.",
            ),
            Select(
                "readers",
                "Who may read it?",
                tuple(Option(each.value, each.label) for each in Readers),
                required=False,
                hint="For a note. The card shows that there is a note, never what it says.",
            ),
        ),
    )


def assign_dialog(
    view: CaseView, people: Sequence[OwnerCandidate], suggested: Suggestion | None
) -> Dialog:
    """Ask who should own the case. A suggestion is chosen already, with its reason."""
    offered = people[:100]
    chosen = next((each for each in offered if suggested and each.person == suggested.person), None)
    return case_dialog(
        view,
        "assign",
        title=f"Assign {view.case.reference}",
        submit="Assign",
        blocks=(
            Text(f"Owner now: {view.owner or 'none'}.", TextStyle.SUBTLE),
            *([Text(f"Suggested: {suggested.why}")] if suggested and chosen else []),
            Select(
                "colleague",
                "Who should own the case?",
                tuple(Option(str(each.id), each.label) for each in offered),
                chosen=str(chosen.id) if chosen else None,
            ),
        ),
    )


def close_dialog(view: CaseView) -> Dialog:
    """Ask for the outcome of the case, and whether it was useful."""
    return case_dialog(
        view,
        "close",
        title=f"Close {view.case.reference}",
        submit="Close the case",
        blocks=(
            *_owed(view),
            Select(
                "outcome",
                "How did it end?",
                tuple(Option(outcome.value, outcome.label.capitalize()) for outcome in Outcome),
                chosen=Outcome.NO_LONGER_ENROLLED.value if view.left_on else None,
                hint=_left(view),
            ),
            Select(
                "helped",
                "What helped?",
                tuple(Option(each.value, each.label.capitalize()) for each in Help),
                required=False,
            ),
            Select(
                "usefulness",
                "Was this case useful?",
                tuple(Option(each.value, USES[each]) for each in Usefulness),
                required=False,
                hint="Your school uses these answers when it reviews its rules.",
            ),
            Input("note", "Anything to add?", InputKind.PARAGRAPH, required=False, max_length=1000),
        ),
    )


def _owed(view: CaseView) -> Iterator[Text]:
    """Warn of a student's question that is still unanswered when the case is closed."""
    for kind in dict.fromkeys(each.kind for each in view.said if each.waits):
        yield Text(
            f"The student {kind.told} and has no answer yet. They need an answer even "
            "after you close the case. Lantern reminds you and the engagement lead until a "
            "colleague answers."
        )


def _left(view: CaseView) -> str:
    """Return why an outcome is suggested; '' where none is."""
    return f"Every enrolment ended by {on_day(view.left_on)}." if view.left_on else ""


def list_reasons(view: CaseView) -> list[DialogBlock]:
    """List why the case is open, the strongest first, each led by its marker."""
    return [Text(f"{marker(flag)}: {flag.reason}") for flag in strongest_active(view)]


@example("dialog-view")
def _view() -> Dialog:
    return view_dialog(sample.sample_case_view(CaseStatus.OPEN))


@example("dialog-view-typed")
def _view_typed() -> Dialog:
    return view_dialog(
        sample.sample_case_view(CaseStatus.OPEN), Opinion.WAIT, "She was ill last week."
    )


@example("dialog-log")
def _log() -> Dialog:
    return log_dialog(sample.sample_case_view(CaseStatus.AGREED))


@example("dialog-take")
def _take() -> Dialog:
    return take_dialog(sample.sample_case_view(CaseStatus.AGREED))


@example("dialog-assign")
def _assign() -> Dialog:
    people = [
        OwnerCandidate(1, "Alice Example", 1),
        OwnerCandidate(3, "Chandra Example", 2, "Bob Example"),
    ]
    why = "Alice Example is the student's adviser."
    return assign_dialog(sample.sample_case_view(CaseStatus.OPEN), people, Suggestion(1, why))


@example("dialog-close")
def _close() -> Dialog:
    return close_dialog(sample.sample_case_view(CaseStatus.RESPONDED))
