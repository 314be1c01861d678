"""Requests for a copy and complaints about data, for the data protection officer alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import (
    Actions,
    Button,
    ButtonStyle,
    Card,
    CardBlock,
    Dialog,
    DialogBlock,
    Facts,
    Text,
    TextStyle,
)
from bot.cards.kit.paging import whole
from bot.cards.kit.registry import example
from store.queries.privacy.data_requests import DataQuestion, DataRequest
from store.rules.calendar import institution_day
from store.rules.students.data_requests import (
    ClockStop,
    DataAsk,
    dates_of_complaint,
    dates_of_copy,
)
from store.rules.text.formatting import counted, day_ahead, on_day

_SHOWN = 12
COMMAND = "requests"
READ_NOW = "Read this now: what a student wrote about their data may speak of danger to life."


def requests_card(requests: Sequence[DataRequest], today: dt.date) -> Card:
    """List the open requests with their legal days. It names no student."""
    late = sum(each.dates.is_overdue(today) for each in requests)
    title = f"{counted(len(requests), 'request')} about data" if requests else "No open requests"
    title += f", {late} overdue" if late else ""
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    if not requests:
        blocks.append(
            Text("Students' requests for a copy of their data, and complaints, appear here.")
        )
    for each in requests[:_SHOWN]:
        blocks += [Text(request_line(each, today)), Actions((_open(each),))]
    if len(requests) > _SHOWN:
        more = counted(len(requests) - _SHOWN, "more", "more")
        blocks.append(Text(f"and {more}: lantern student requests", TextStyle.SUBTLE))
    blocks.append(Actions((Button("Record a request", COMMAND, _to("record"), opens_dialog=True),)))
    return Card(kind="data-requests", summary=f"{title}.", blocks=tuple(blocks))


def request_line(each: DataRequest, today: dt.date) -> str:
    """Write ``Request 7, copy, School of Languages: answer by …``, and what delays it."""
    return f"{_named(each)}, {each.school_name}: {due_line(each, today)}"


def due_line(each: DataRequest, today: dt.date) -> str:
    """Say by when the officer has to do what; that the clock stands still; or that it is late."""
    if not each.is_open:
        return "answered."
    dates, asked = each.dates, each.open_question
    if asked and not dates.is_overdue(today):
        return (
            f"the clock has stopped since {on_day(institution_day(asked.at))}: the student was "
            f"asked about {asked.asks.label}. If they answer today: "
            f"{day_ahead(dates.answer_by, today)}."
        )
    todo = "acknowledge" if dates.acknowledge_by else "answer"
    if dates.is_overdue(today):
        late = (today - dates.next_day).days
        return (
            f"overdue by {counted(late, 'day')}. {todo.capitalize()} it now: it was due by "
            f"{on_day(dates.next_day)}.{_asked_late(asked)}"
        )
    return f"{todo} by {day_ahead(dates.next_day, today)}."


def _asked_late(asked: DataQuestion | None) -> str:
    if asked is None:
        return ""
    asked_on = on_day(institution_day(asked.at))
    return f" The student was asked about {asked.asks.label} on {asked_on}, after that day."


def due_sentence(each: DataRequest, today: dt.date) -> str:
    """Write ``due_line`` as a sentence of its own."""
    said = due_line(each, today)
    return f"{said[:1].upper()}{said[1:]}"


def request_notice(each: DataRequest, today: dt.date, said: str = "") -> Card:
    """Tell the officer what is new on a request: what is ``said``, or what the student did."""
    said = said or _new_on(each)
    return Card(
        kind="data-request-notice",
        summary=said,
        blocks=(Text(said), Text(request_line(each, today)), Actions((_open(each),))),
    )


def _new_on(each: DataRequest) -> str:
    if each.questions and each.open_question is None:
        return f"The student has answered your question on {_named(each).lower()}."
    if each.kind is DataAsk.COPY:
        return "A student has asked for a copy of their data."
    return "A student has complained about how their data is handled."


def request_dialog(
    each: DataRequest, name: str, number: str, undecided: int, today: dt.date
) -> Dialog:
    """Show a request with its student, its words, its days, and the next steps."""
    steps = tuple(_steps(each, undecided, today))
    return Dialog(
        kind="data-request",
        title=_named(each),
        action=COMMAND,
        blocks=(
            Facts(
                (
                    ("Student", f"{name}, {number}"),
                    ("School", each.school_name),
                    ("Received", f"{on_day(each.received_on)} {each.received_on.year}"),
                    ("Due", due_sentence(each, today)),
                )
            ),
            *_story(each),
            *_hints(each, undecided, number),
            *([Actions(steps)] if steps else []),
        ),
    )


def _named(each: DataRequest) -> str:
    return f"{'Request' if each.kind is DataAsk.COPY else 'Complaint'} {each.id}"


def _to(step: str) -> dict[str, str]:
    return {"step": step}


def _open(each: DataRequest) -> Button:
    ids = {"request": str(each.id)} | _to("open")
    return Button(f"Open {_named(each).lower()}", COMMAND, ids, opens_dialog=True)


def _story(each: DataRequest) -> Iterator[DialogBlock]:
    if each.words:
        yield Text("The student wrote:")
        yield from whole(each.words, TextStyle.QUOTE)
    for asked in each.questions:
        yield Text(f"Asked on {on_day(institution_day(asked.at))}:")
        yield from whole(asked.words, TextStyle.QUOTE)
        if asked.answered_at:
            yield Text(f"Answered on {on_day(institution_day(asked.answered_at))}:")
            yield from whole(asked.answer, TextStyle.QUOTE)
    if each.extra_months:
        yield Text(f"Extended by {counted(each.extra_months, 'month')}. The student was told:")
        yield from whole(each.extended_why, TextStyle.QUOTE)
    if each.answer:
        yield Text("The answer:")
        yield from whole(each.answer, TextStyle.QUOTE)


def _hints(each: DataRequest, undecided: int, number: str) -> Iterator[DialogBlock]:
    if each.not_sent:
        yield Text(
            f"The newest email about it was not sent: {each.not_sent}. Tell the student yourself."
        )
    if not each.is_open or each.kind is not DataAsk.COPY:
        return
    if undecided:
        yield Text(
            f"The copy leaves out {counted(undecided, 'text')} that may do serious harm. It cannot "
            "be given until you decide."
        )
    yield Text(
        f"To make the copy, on the server: lantern student export {number} --officer YOUR-ADDRESS "
        '--why "asked for a copy" --to NEW-FOLDER. Read it, give it to the student, and then press '
        "“The copy is given”.",
        TextStyle.SUBTLE,
    )


def _steps(each: DataRequest, undecided: int, today: dt.date) -> Iterator[Button]:
    if not each.is_open:
        return
    ids = {"request": str(each.id)}

    def step(label: str, name: str, style: ButtonStyle = ButtonStyle.DEFAULT) -> Button:
        return Button(label, COMMAND, ids | _to(name), style, opens_dialog=True)

    if each.kind is DataAsk.COMPLAINT:
        if each.acknowledged_at is None:
            yield step("Acknowledge", "acknowledge", ButtonStyle.PRIMARY)
        yield step("Answer", "answer")
        return
    if undecided:
        yield step("Decide on a text", "harm", ButtonStyle.PRIMARY)
    elif not each.open_question:
        yield step("The copy is given", "give", ButtonStyle.PRIMARY)
    if each.open_question:
        yield step("Record the reply", "reply", ButtonStyle.PRIMARY)
    else:
        yield step("Ask the student", "ask")
    if not each.extra_months and today <= each.dates.extend_by:
        yield step("Extend the time", "extend")
    yield step("Close without a copy", "answer")


def sample_request(kind: DataAsk = DataAsk.COPY, *, is_stopped: bool = False) -> DataRequest:
    """Return an invented request for the previews of cards."""
    at = dt.datetime.combine(sample.DAY, dt.time(9, 30), dt.UTC)
    asked = DataQuestion(1, ClockStop.SCOPE, at, None, "Do you also need the swipes?")
    dates = dates_of_copy(sample.DAY, (), 0, sample.DAY)
    if kind is DataAsk.COMPLAINT:
        dates = dates_of_complaint(sample.DAY, is_acknowledged=False)
    return DataRequest(
        7,
        1,
        1,
        "School of Invented Languages",
        kind,
        sample.DAY,
        False,
        0,
        None,
        None,
        replace(dates, is_stopped=is_stopped),
        (asked,) if is_stopped else (),
        "",
        "My emails were read out in class." if kind is DataAsk.COMPLAINT else "",
    )


@example("data-requests")
def _list() -> Card:
    found = [sample_request(), sample_request(DataAsk.COMPLAINT), sample_request(is_stopped=True)]
    return requests_card(found, sample.DAY)


@example("data-requests-late")
def _late() -> Card:
    return requests_card([sample_request()], sample.DAY + dt.timedelta(days=60))


@example("data-requests-none")
def _none() -> Card:
    return requests_card([], sample.DAY)


@example("data-request-notice")
def _new() -> Card:
    return request_notice(sample_request(DataAsk.COMPLAINT), sample.DAY)


@example("dialog-data-request")
def _shown() -> Dialog:
    return request_dialog(sample_request(), "Dana Dvorak", "1001", 1, sample.DAY)


@example("dialog-data-complaint")
def _complaint() -> Dialog:
    found = sample_request(DataAsk.COMPLAINT)
    return request_dialog(found, "Dana Dvorak", "1001", 0, sample.DAY)
