"""requests, mark-harm: answer what students ask about their data, within the legal time (§28)."""

from __future__ import annotations

import datetime as dt

from bot.cards.data_request_forms import (
    GIVE,
    acknowledge_dialog,
    answer_dialog,
    ask_dialog,
    extend_dialog,
    give_dialog,
    harm_dialog,
    mark_dialog,
    record_dialog,
    reply_dialog,
)
from bot.cards.data_requests import due_sentence, request_dialog, requests_card
from bot.cards.kit.reply_cards import notice
from bot.commands.own_schools import named_schools
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.privacy import data_request_steps as steps
from store.actions.privacy import harm
from store.actions.privacy.data_requests import record_data_request
from store.queries.privacy.data_requests import (
    DataRequest,
    data_request,
    open_requests,
    student_number,
)
from store.rules.access.permissions import Action, authorise_in, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.students.data_requests import ClockStop, DataAsk
from store.rules.students.harm import HarmPlace

_TOLD = "The student is told by email and on their page."
_NONE = "There is no such request in your schools. /lantern requests lists what is open."


@COMMANDS.add(
    "requests",
    "As data protection officer: see what students ask about their data, and by when.",
    "requests",
    Action.DATA_REQUESTS,
)
def requests(call: Call) -> Reply:
    """List the open requests; a button opens one, and each step is a dialog of its own."""
    step = call.interaction.ids.get("step", "")
    words = call.words() if call.was_typed else []
    if words and words[0].casefold() == "record":
        step = "record"
    if step == "record":
        return _record(call)
    if step == "open":
        return _open(call, call.id("request"))
    if words and words[0].isdecimal():
        return _open(call, int(words[0]))
    if step in _STEPS:
        asked = _checked(call)
        if call.answers is None:
            return _asks(call, step, asked)
        return Reply(card=notice(_STEPS[step](call, asked.id), _now_due(call, asked.id)))
    with call.store.database.read() as connection:
        schools = named_schools(connection, call, Action.DATA_REQUESTS)
        found = open_requests(connection, [each.id for each in schools], _today(call))
    return Reply(card=requests_card(found, _today(call)))


@COMMANDS.add(
    "mark-harm",
    "Mark a text on a case that may do serious harm in a copy for the student.",
    "mark-harm LANG-12",
    Action.HARM,
)
def mark_harm(call: Call) -> Reply:
    """Ask which text of a case may do serious harm; the officer decides on it."""
    case_id = call.case_id()
    case = call.check(case_id, Action.HARM)
    if call.answers is None:
        found = harm.words_to_mark(call.store, call.request, case_id)
        if not found:
            return Reply(card=notice(f"There are no texts on {case.reference} to mark."))
        return Reply(dialog=mark_dialog(case.reference, case_id, found))
    place, _, row = call.answer("words").partition(":")
    harm.mark_harm(call.store, call.request, case_id, *_text(place, row), call.answer("why"))
    return Reply(
        card=notice(
            "The text is marked. The data protection officer decides on it before it is in a copy."
        )
    )


def _today(call: Call) -> dt.date:
    return institution_day(call.store.now())


def _checked(call: Call) -> DataRequest:
    """Return the request that a button names, without recording a look at its words."""
    with call.store.database.read() as connection:
        found = data_request(connection, call.id("request"), _today(call))
    authorise_in(call.actor, Action.DATA_REQUESTS, found.school if found else 0)
    if found is None:
        raise InvalidInput(_NONE)
    return found


def _open(call: Call, number: int) -> Reply:
    seen = steps.read_data_request(call.store, call.request, number)
    return Reply(
        dialog=request_dialog(seen.asked, seen.name, seen.number, seen.undecided, _today(call))
    )


def _record(call: Call) -> Reply:
    if not schools_where(call.actor, Action.DATA_REQUESTS):
        raise NotAllowed("Only a school's data protection officer can do this.")
    if call.answers is None:
        return Reply(dialog=record_dialog(_today(call)))
    try:
        received = dt.date.fromisoformat(call.answer("received"))
        kind = DataAsk(call.answer("kind"))
    except ValueError:
        raise InvalidInput("Enter the day on which it came.", field="received") from None
    made = record_data_request(
        call.store, call.request, call.answer("number"), kind, call.answer("words"), received
    )
    return Reply(card=notice(f"Recorded as number {made}. {_TOLD}", _now_due(call, made)))


def _asks(call: Call, step: str, asked: DataRequest) -> Reply:
    if step == "harm":
        marks = harm.harm_marks_to_decide(call.store, call.request, _student(call, asked.id))
        waiting = [each for each in marks if each.gives is None]
        if not waiting:
            return Reply(card=notice("There is no text to decide on."))
        return Reply(dialog=harm_dialog(asked.id, waiting[0], len(waiting) - 1))
    dialogs = {
        "ask": lambda: ask_dialog(asked.id),
        "reply": lambda: reply_dialog(asked.id),
        "extend": lambda: extend_dialog(asked),
        "acknowledge": lambda: acknowledge_dialog(asked),
        "give": lambda: give_dialog(asked),
        "answer": lambda: answer_dialog(asked),
    }
    return Reply(dialog=dialogs[step]())


def _student(call: Call, number: int) -> str:
    with call.store.database.read() as connection:
        return student_number(connection, number)


def _now_due(call: Call, number: int) -> str:
    with call.store.database.read() as connection:
        found = data_request(connection, number, _today(call))
    return due_sentence(found, _today(call)) if found and found.is_open else ""


def _does_ask(call: Call, number: int) -> str:
    asks = ClockStop.IDENTITY if call.answer("asks") == ClockStop.IDENTITY else ClockStop.SCOPE
    steps.ask_student(call.store, call.request, number, asks, call.answer("words"))
    return f"The student is asked, and the clock has stopped. {_TOLD}"


def _does_reply(call: Call, number: int) -> str:
    steps.record_reply(call.store, call.request, number, call.answer("words"))
    return "The reply is recorded, and the clock goes on."


def _does_extend(call: Call, number: int) -> str:
    months = call.answer("months")
    count = int(months) if months.isdecimal() and len(months) < 3 else 0
    steps.extend(call.store, call.request, number, count, call.answer("why"))
    return f"The time is extended. {_TOLD}"


def _does_acknowledge(call: Call, number: int) -> str:
    steps.acknowledge(call.store, call.request, number)
    return f"The complaint is acknowledged. {_TOLD}"


def _does_give(call: Call, number: int) -> str:
    steps.give_copy(call.store, call.request, number)
    return f"The request is closed. {_TOLD}"


def _does_answer(call: Call, number: int) -> str:
    steps.answer(call.store, call.request, number, call.answer("words"))
    return f"The answer is saved and the request is closed. {_TOLD}"


def _does_harm(call: Call, number: int) -> str:
    ids = call.interaction.ids
    place, row = _text(ids.get("place", ""), ids.get("row", ""))
    gives = call.answer("gives") == GIVE
    why = call.answer("why")
    student = _student(call, number)
    harm.decide_harm(call.store, call.request, student, place, row, gives=gives, why=why)
    return "The text is in the copy." if gives else "The text is withheld from the copy."


def _text(place: str, row: str) -> tuple[HarmPlace, int]:
    try:
        return HarmPlace(place), int(row[:18])
    except ValueError:
        raise InvalidInput("Choose one of these.", field="words") from None


_STEPS = {
    "ask": _does_ask,
    "reply": _does_reply,
    "extend": _does_extend,
    "acknowledge": _does_acknowledge,
    "give": _does_give,
    "answer": _does_answer,
    "harm": _does_harm,
}
