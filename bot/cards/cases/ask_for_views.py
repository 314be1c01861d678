"""The private message that asks a colleague for their view, and the dialog to send it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog, case_ids
from bot.cards.kit.model import (
    Actions,
    Button,
    ButtonStyle,
    Card,
    Dialog,
    Input,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus, FlagState


def ask_card(view: CaseView, asker: str, question: str) -> Card:
    """Ask a colleague for their view. ``asker`` is a name; ``question`` may be empty."""
    asked = f"{asker} asks: do you have anything to add about {view.case.reference}?"
    ids = case_ids(view)
    return Card(
        kind="ask",
        summary=asked,
        blocks=(
            Text(asked),
            *([Text(question, TextStyle.QUOTE)] if question else []),
            *(Text(f.reason, TextStyle.SUBTLE) for f in view.flags if f.state is FlagState.ACTIVE),
            Actions(
                (
                    Button("Add view", "view", ids, ButtonStyle.PRIMARY, opens_dialog=True),
                    Button("Show", "show", ids, opens_dialog=True),
                )
            ),
        ),
    )


def ask_dialog(view: CaseView, people: Sequence[Actor]) -> Dialog:
    """Ask which colleagues to ask for their view, and what to ask them."""
    return case_dialog(
        view,
        "ask",
        title=f"Ask about {view.case.reference}",
        submit="Ask",
        blocks=(
            Select(
                "colleague",
                "Which colleague may have something to add?",
                tuple(Option(str(person.id), person.name) for person in people[:100]),
                hint="Lantern asks them privately. Their view counts like any other.",
            ),
            Input("question", "What would you like to know?", required=False, max_length=500),
        ),
    )


@example("ask")
def _ask() -> Card:
    return ask_card(
        sample.sample_case_view(CaseStatus.OPEN),
        "Alice Example",
        "Has the placement begun already?",
    )


@example("dialog-ask")
def _dialog() -> Dialog:
    people = [Actor(1, "Alice Example", True), Actor(2, "Bob Example", True)]
    return ask_dialog(sample.sample_case_view(CaseStatus.OPEN), people)
