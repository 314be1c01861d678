"""The dialog to decide whether a reply is an answer from the student."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.doubts import WHY
from bot.cards.kit.fields import Option, Select
from bot.cards.kit.model import Dialog, Facts, Text, TextStyle
from bot.cards.kit.paging import whole
from bot.cards.kit.registry import example
from store.queries.outreach.replies import DoubtfulReply
from store.rules.calendar import Calendar
from store.rules.model import Doubt
from store.rules.text.formatting import on_day

ANSWER, OTHER = "answer", "other"


def doubtful_dialog(reply: DoubtfulReply, calendar: Calendar) -> Dialog:
    """Show the reply, why it is doubtful, and the choice."""
    day = on_day(calendar.local(reply.at).date())
    return Dialog(
        kind="check-reply",
        title=reply.reference,
        action="check-reply",
        ids={"case": str(reply.case), "reply": str(reply.id)},
        submit="Save",
        blocks=(
            Text(f"{WHY[reply.doubt]} It does not count as contact until you decide."),
            Facts((("Student", reply.name), ("Received on", day))),
            *whole(reply.words, TextStyle.QUOTE),
            Select(
                "decision",
                "What is it?",
                (
                    Option(ANSWER, "An answer from this student"),
                    Option(OTHER, "Not an answer from this student"),
                ),
            ),
            Text("The access log records that you opened this.", TextStyle.SUBTLE),
        ),
    )


@example("dialog-check-reply")
def _check() -> Dialog:
    at = dt.datetime(2025, 10, 22, 9, tzinfo=dt.UTC)
    words = "I am away until Monday and read my email then."
    return doubtful_dialog(
        DoubtfulReply(4, 12, "LANG-12", "Sam Example", Doubt.AUTOMATIC, at, words), Calendar()
    )


@example("dialog-check-reply-hidden")
def _hidden() -> Dialog:
    at = dt.datetime(2025, 10, 22, 9, tzinfo=dt.UTC)
    words = "[The message is not shown here. Read it in the school's mailbox.]"
    return doubtful_dialog(
        DoubtfulReply(4, 12, "LANG-12", "Sam Example", Doubt.SENDER, at, words), Calendar()
    )
