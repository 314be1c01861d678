"""A day of flags that is held: the question about its data, and the dialog to answer it."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.model import Actions, Button, ButtonStyle, Card, Dialog, Input, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.flags.queue import HeldLine
from store.rules.flags.capacity import HoldDecision
from store.rules.text.formatting import short_day

_WHAT_FOLLOWS = {
    HoldDecision.RELEASED: "Lantern opens cases for these students, the strongest evidence "
    "first, up to the daily limit.",
    HoldDecision.DISMISSED: "No cases are opened, and the question is closed.",
}
_LABELS = {
    HoldDecision.RELEASED: "The data is right",
    HoldDecision.DISMISSED: "The data is wrong",
}


def question_text(hold: HeldLine) -> str:
    """Describe a held day of flags as a question: is the data right?"""
    return (
        f"Held on {short_day(hold.day)}: {hold.flagged} of {hold.cohort} in {hold.name} at once "
        f"(question {hold.id}). Is the data right?"
    )


def answer_buttons(hold: HeldLine) -> Actions:
    """Build the buttons to say that a held day's data is right, or wrong; each asks for
    a reason.
    """
    return Actions(
        tuple(
            Button(
                _LABELS[decision],
                "hold",
                {"hold": str(hold.id), "decision": decision.value},
                ButtonStyle.DEFAULT,
                opens_dialog=True,
            )
            for decision in HoldDecision
        )
    )


def hold_card(hold: HeldLine, covered_for: str = "") -> Card:
    """Ask a colleague who knows the module whether a held day's data is right, privately."""
    blocks = [
        Text(question_text(hold)),
        Text("\n".join(hold.reasons), TextStyle.QUOTE),
        Text(
            "This many flags at once usually means a problem with the data. No cases are opened "
            "for these flags until you answer.",
            TextStyle.SUBTLE,
        ),
    ]
    if not hold.reasons:
        del blocks[1]
    if covered_for:
        blocks.append(Text(f"You cover for {covered_for}.", TextStyle.SUBTLE))
    return Card(kind="hold", summary=question_text(hold), blocks=(*blocks, answer_buttons(hold)))


def hold_dialog(hold: HeldLine, decision: HoldDecision) -> Dialog:
    """Ask how the colleague knows whether the data of a held day is right."""
    return Dialog(
        kind="hold",
        title=_LABELS[decision],
        action="hold",
        ids={"hold": str(hold.id), "decision": decision.value},
        submit="Answer",
        blocks=(
            Text(question_text(hold)),
            Text(_WHAT_FOLLOWS[decision], TextStyle.SUBTLE),
            Input("reason", "How do you know?", max_length=300),
        ),
    )


def _sample() -> HeldLine:
    return HeldLine(
        id=7,
        school=1,
        module="FR101",
        title="French for beginners",
        day=dt.date(2026, 10, 28),
        flagged=11,
        cohort=140,
        reasons=("Essay 1 was due on Monday 19 October and has not arrived.",),
        organiser=2,
        organiser_name="Bob Example",
        decision=None,
        decided_by=None,
        why="",
    )


@example("hold")
def _hold() -> Card:
    return hold_card(_sample())


@example("dialog-hold")
def _dialog() -> Dialog:
    return hold_dialog(_sample(), HoldDecision.DISMISSED)
