"""What students wrote to their school: the list waiting for an answer, and the dialog."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import (
    Actions,
    Button,
    Card,
    CardBlock,
    Dialog,
    Facts,
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.queries.students.messages import SayingLine, SayingRead, SayingView, SayingWords
from store.rules.calendar import Calendar
from store.rules.model import Level
from store.rules.students.messages import LONGEST, ContactWay, Saying
from store.rules.text.formatting import counted, on_day, short_day

_SHOWN = 5
"""Each has a button, and no card shows more than five. The next appear once these are done."""


def sayings_card(lines: Sequence[SayingLine], calendar: Calendar) -> Card:
    """List messages waiting for an answer, oldest first, by case or pseudonym."""
    number = counted(len(lines), "message") if lines else "No messages"
    title = f"{number} from students {'waits' if len(lines) == 1 else 'wait'} for an answer"
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    for line in lines[:_SHOWN]:
        who = line.reference or f"{line.level.label.capitalize()}, {line.programme}, without a case"
        day = short_day(calendar.local(line.at).date())
        blocks.append(Text(f"{who}, {day}: the student {line.kind.told}."))
        ids = {"saying": str(line.id)}
        blocks.append(Actions((Button("Read and answer", "said", ids, opens_dialog=True),)))
    if len(lines) > _SHOWN:
        blocks.append(Text(f"and {len(lines) - _SHOWN} more", TextStyle.SUBTLE))
    return Card(kind="sayings", summary=f"{title}.", blocks=tuple(blocks))


def saying_dialog(read: SayingRead, calendar: Calendar) -> Dialog:
    """Show the message, the student's details, and a field for an answer to the student."""
    said = read.said
    day = on_day(calendar.local(said.at).date())
    return Dialog(
        kind="said",
        title=read.reference or "Without a case",
        action="said",
        ids={"saying": str(read.id)},
        submit=None if said.answered_at else "Answer",
        blocks=(
            Text(read.name, TextStyle.HEADING),
            Facts((("Student number", read.number), ("Said on", day))),
            *_said(said),
            Text("The access log records that you opened this.", TextStyle.SUBTLE),
            *_answering(said),
        ),
    )


def _answering(said: SayingWords) -> Iterator[Text | Input]:
    if said.answered_at:
        yield Text(f"Answered: {said.answer}")
        return
    hint = "Say what you checked and what happens next. The student reads it on their own page."
    yield Input("answer", "Your answer", InputKind.PARAGRAPH, hint=hint, max_length=LONGEST)


def _said(said: SayingWords) -> Iterator[Text]:
    by = f" by {said.way.label}" if said.way else ""
    yield Text(f"The student {said.kind.told}{by}.")
    if said.words:
        yield Text(said.words, TextStyle.QUOTE)


def voice_lines(view: CaseView) -> Iterator[str]:
    """Say what a colleague needs to know before contact, for the top of the card."""
    closed = " though the case is closed" if view.case.is_closed else ""
    for kind in dict.fromkeys(each.kind for each in view.said if each.waits):
        yield f"The student {kind.told} and is waiting for an answer{closed}."
    wish = view.preference
    if wish and wish.has_opted_out:
        yield "The student wants no emails about engagement."
    if wish and wish.said_at:
        by = f" by {wish.way.label}" if wish.way else " another way; Reveal opens how"
        yield f"The student wants to be contacted{by}."


def saying_line(said: SayingView) -> str:
    """Say that the student sent a message, for the list of steps."""
    by = f" by {said.way.label}" if said.way else ""
    return f"The student {said.kind.told}{by}. Reveal opens their words."


_AT = dt.datetime(2026, 11, 9, 9, 15, tzinfo=dt.UTC)


@example("sayings")
def _sayings() -> Card:
    on_case = SayingLine(
        1, 1, Saying.WRONG, _AT, 12, "LANG-12", Level.UNDERGRADUATE, "BA Example Studies"
    )
    without = SayingLine(2, 1, Saying.TALK, _AT, None, None, Level.FOUNDATION, "BA Example Studies")
    return sayings_card([on_case, without], Calendar())


@example("dialog-said")
def _dialog() -> Dialog:
    words = "I was in the seminar on Monday; the register went round too early."
    said = SayingWords(Saying.WRONG, None, _AT, words, "", None)
    name = sample.private().name
    return saying_dialog(SayingRead(1, "LANG-12", name, "X0000012", said), Calendar())


@example("dialog-said-answered")
def _answered() -> Dialog:
    said = SayingWords(
        Saying.CONTACT_BY, ContactWay.PHONE, _AT, "After four, please.", "We shall call.", _AT
    )
    return saying_dialog(SayingRead(1, "", "Sam Example", "X0000012", said), Calendar())
