"""The dialogs in which the data protection officer takes a step on a request about data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.cards.data_requests import COMMAND, sample_request
from bot.cards.kit import sample_data as sample
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
from bot.cards.kit.paging import whole
from bot.cards.kit.registry import example
from store.queries.privacy.data_requests import DataRequest
from store.queries.privacy.harm import HarmMark, Markable
from store.rules.calendar import institution_day
from store.rules.students.data_requests import ClockStop, DataAsk
from store.rules.students.harm import HarmPlace
from store.rules.text.formatting import on_day

GIVE, WITHHOLD = "give", "withhold"
_MOST = 100


def record_dialog(today: dt.date) -> Dialog:
    """Ask for a request that came by letter, by email or at a desk."""
    return _step(
        "record",
        "record-data-request",
        "Record a request",
        "Record",
        Input("number", "The student's number", max_length=60),
        Select(
            "kind",
            "What is it?",
            tuple(Option(each, each.noun.capitalize()) for each in DataAsk),
            chosen=DataAsk.COPY,
        ),
        Input(
            "received",
            "When did it come?",
            InputKind.DATE,
            value=str(today),
            hint="The legal days count from here.",
        ),
        Input(
            "words",
            "What did the student write or say?",
            InputKind.PARAGRAPH,
            required=False,
            hint="A complaint needs it; for a copy only where it is about a part.",
        ),
        Text("The student is told by email and on their page.", TextStyle.SUBTLE),
    )


def ask_dialog(request: int) -> Dialog:
    """Ask the officer what they need to know first."""
    return _step(
        "ask",
        "ask-about-data",
        "Ask the student",
        "Ask",
        Text("The clock stops from today until the student answers. Ask only what you need."),
        Select(
            "asks",
            "What is not clear?",
            (
                Option(ClockStop.IDENTITY, "Who they are"),
                Option(ClockStop.SCOPE, "What they want a copy of"),
            ),
            chosen=ClockStop.SCOPE,
        ),
        Input("words", "Your question", InputKind.PARAGRAPH, hint="The student reads this."),
        request=request,
    )


def reply_dialog(request: int) -> Dialog:
    """Ask what the student answered, where the answer did not come by their page."""
    return _step(
        "reply",
        "reply-about-data",
        "Record the reply",
        "Record",
        Text("The clock goes on from today."),
        Input("words", "What did the student answer?", InputKind.PARAGRAPH),
        request=request,
    )


def extend_dialog(each: DataRequest) -> Dialog:
    """Ask how much longer it takes, and why."""
    return _step(
        "extend",
        "extend-data-request",
        "Extend the time",
        "Extend",
        Text(
            "The law allows it once, where requests are complex or many, and the student must "
            f"be told by {on_day(each.dates.extend_by)}."
        ),
        Select(
            "months",
            "How much longer?",
            (Option("1", "1 month"), Option("2", "2 months")),
            chosen="1",
        ),
        Input("why", "Why?", InputKind.PARAGRAPH, hint="The student reads this."),
        request=each.id,
    )


def acknowledge_dialog(each: DataRequest) -> Dialog:
    """Confirm that the student is told that their complaint is looked into."""
    return _step(
        "acknowledge",
        "acknowledge-complaint",
        "Acknowledge",
        "Acknowledge",
        Text(
            "The student is told by email and on their page that the complaint has arrived and "
            "that you look into it."
        ),
        request=each.id,
    )


def give_dialog(each: DataRequest) -> Dialog:
    """Confirm that the student has the copy."""
    return _step(
        "give",
        "give-copy",
        "The copy is given",
        "It is given",
        Text(
            "You have read every text, and the student has the copy. This closes the request. "
            "The student is told by email and on their page."
        ),
        request=each.id,
    )


def answer_dialog(each: DataRequest) -> Dialog:
    """Ask for the answer that closes a complaint, or a request without a copy."""
    is_copy = each.kind is DataAsk.COPY
    hint = (
        "Only where no copy is given, such as a request that was taken back."
        if is_copy
        else "The student reads this, and how to reach the Information Commission."
    )
    return _step(
        "answer",
        "answer-data-request",
        "Close without a copy" if is_copy else "Answer the complaint",
        "Close" if is_copy else "Answer",
        Input("words", "What is the student told?", InputKind.PARAGRAPH, hint=hint),
        request=each.id,
    )


def harm_dialog(request: int, mark: HarmMark, left: int) -> Dialog:
    """Show marked words and ask the officer whether the student gets them."""
    marked_on = on_day(institution_day(mark.at))
    return Dialog(
        kind="decide-harm",
        title="Decide on a text",
        action=COMMAND,
        ids={
            "request": str(request),
            "step": "harm",
            "place": mark.place.value,
            "row": str(mark.row),
        },
        submit="Decide",
        blocks=(
            Text(f"{mark.place.label}, marked by {mark.by} on {marked_on}:"),
            *whole(mark.words, TextStyle.QUOTE),
            Text(f"Why it may do serious harm: {mark.why}"),
            Select(
                "gives",
                "Does the student get it?",
                (Option(GIVE, "Give it"), Option(WITHHOLD, "Withhold it")),
            ),
            Input("why", "Why?", InputKind.PARAGRAPH, hint="Saved with your name."),
            *([Text(f"{left} more to decide.", TextStyle.SUBTLE)] if left else []),
        ),
    )


def mark_dialog(reference: str, case: int, found: Sequence[Markable]) -> Dialog:
    """Ask a colleague which words of a case may do serious harm, and why."""
    return Dialog(
        kind="mark-harm",
        title=f"Mark a text, {reference}",
        action="mark-harm",
        ids={"case": str(case)},
        submit="Mark",
        blocks=(
            Text(
                "The student can ask for a copy of what is written here. The data protection "
                "officer decides on a marked text before it is in a copy."
            ),
            Select(
                "words",
                "Which text?",
                tuple(Option(f"{each.place}:{each.row}", _label(each)) for each in found[:_MOST]),
            ),
            Input("why", "What serious harm may it do?", InputKind.PARAGRAPH),
        ),
    )


def _label(each: Markable) -> str:
    by = f", {each.by}" if each.by else ""
    marked = " (marked)" if each.is_marked else ""
    return f"{each.place.label}{by}, {on_day(institution_day(each.at))}{marked}"


def _step(
    step: str, kind: str, title: str, submit: str, *blocks: DialogBlock, request: int | None = None
) -> Dialog:
    """Build the form of a step. Without the id of a ``request`` it records a new one."""
    ids = {"step": step} if request is None else {"request": str(request), "step": step}
    return Dialog(kind, title, COMMAND, blocks, ids, submit)


_AT = dt.datetime.combine(sample.DAY, dt.time(9, 30), dt.UTC)


@example("dialog-record-data-request")
def _record() -> Dialog:
    return record_dialog(sample.DAY)


@example("dialog-ask-about-data")
def _ask() -> Dialog:
    return ask_dialog(7)


@example("dialog-reply-about-data")
def _reply() -> Dialog:
    return reply_dialog(7)


@example("dialog-extend-data-request")
def _extend() -> Dialog:
    return extend_dialog(sample_request())


@example("dialog-acknowledge-complaint")
def _acknowledge() -> Dialog:
    return acknowledge_dialog(sample_request(DataAsk.COMPLAINT))


@example("dialog-give-copy")
def _give() -> Dialog:
    return give_dialog(sample_request())


@example("dialog-answer-data-complaint")
def _answer() -> Dialog:
    return answer_dialog(sample_request(DataAsk.COMPLAINT))


@example("dialog-close-data-request")
def _close() -> Dialog:
    return answer_dialog(sample_request())


@example("dialog-decide-harm")
def _decide() -> Dialog:
    mark = HarmMark(
        1, HarmPlace.NOTE, 3, "Her father must not learn where she lives.", "He reads her post",
        "Bob Example", _AT, None, "", "", None,
    )  # fmt: skip
    return harm_dialog(7, mark, 1)


@example("dialog-mark-harm")
def _mark() -> Dialog:
    found = [
        Markable(HarmPlace.NOTE, 3, _AT, "Bob Example", False),
        Markable(HarmPlace.ANSWER, 1, _AT, "", True),
    ]
    return mark_dialog("LANG-1", 1, found)
