"""A student's request to be absent: the dialog in which a colleague reads it and decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.cards.kit.model import (
    Dialog,
    DialogBlock,
    Facts,
    Input,
    InputKind,
    Link,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.students.absences import AbsenceRead
from store.rules.calendar import Calendar
from store.rules.students.messages import LONGEST
from store.rules.text.formatting import on_day

AGREE, REFUSE = "agree", "refuse"
"""The values of the choice."""


def absence_dialog(read: AbsenceRead, calendar: Calendar) -> Dialog:
    """Show the days, the reason and the way to the document, and ask for a decision."""
    asked_on = on_day(calendar.local(read.at).date())
    return Dialog(
        kind="absence",
        title=read.reference or "Without a case",
        action="said",
        ids={"saying": str(read.id)},
        submit="Save decision" if read.agreed is None else None,
        blocks=(
            Text(read.name, TextStyle.HEADING),
            Facts(
                (
                    ("Student number", read.number),
                    ("Asked on", asked_on),
                    ("First day", on_day(read.first)),
                    ("Last day", on_day(read.last)),
                )
            ),
            Text("The student asked for an absence to be agreed."),
            *_reason(read),
            Text("The access log records that you opened this.", TextStyle.SUBTLE),
            *_deciding(read),
        ),
    )


def _reason(read: AbsenceRead) -> Iterator[DialogBlock]:
    if read.reason:
        yield Text(read.reason, TextStyle.QUOTE)
    if read.document:
        yield Link("Open the document", None, read.document)
        yield Text(
            "The link works once, for 10 minutes. The colleague who opens it decides. It is "
            "deleted with the decision.",
            TextStyle.SUBTLE,
        )


def _deciding(read: AbsenceRead) -> Iterator[DialogBlock]:
    if read.is_withdrawn:
        yield Text("The student took this request back.")
        return
    if read.agreed is not None:
        said = f": {read.answer}" if read.answer else "."
        yield Text(f"{'Agreed' if read.agreed else 'Not agreed'}{said}")
        return
    yield Select(
        "decision",
        "Decision",
        (Option(AGREE, "Agree to the absence"), Option(REFUSE, "Do not agree")),
        hint="For an agreed absence Lantern raises no flags. Others do not see the reason.",
    )
    hint = "The student reads it on their own page."
    yield Input(
        "answer", "A word to the student", InputKind.PARAGRAPH, hint=hint, max_length=LONGEST
    )


_AT = dt.datetime(2026, 11, 9, 9, 15, tzinfo=dt.UTC)
_FIRST, _LAST = dt.date(2026, 11, 16), dt.date(2026, 11, 20)
_WHY = "My grandmother has an operation, and I look after her that week."


@example("dialog-absence")
def _asked() -> Dialog:
    read = AbsenceRead(
        *(1, "LANG-12", "Sam Example", "X0000012", _AT, _FIRST, _LAST, _WHY),
        document="https://lantern.example.ac.uk/student/document/xyz",
        agreed=None,
        answer="",
    )
    return absence_dialog(read, Calendar())


@example("dialog-absence-decided")
def _decided() -> Dialog:
    read = AbsenceRead(
        *(1, "", "Sam Example", "X0000012", _AT, _FIRST, _LAST, _WHY),
        document="",
        agreed=True,
        answer="We wish you both well.",
    )
    return absence_dialog(read, Calendar())
