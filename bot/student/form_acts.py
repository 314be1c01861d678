"""What each form of the page of a signed-in student does, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.student.absence_form import AbsenceForm
from bot.student.form import SubmittedForm
from bot.student.form_texts import TAKEN_BACK, THANKS, THANKS_FOR_ASKING, THANKS_FOR_REPLY
from store.actions.privacy.data_requests import answer_question, ask_about_data
from store.actions.students.record_message import record_message
from store.actions.students.request_absence import request_absence
from store.actions.students.withdraw_absence import withdraw_absence
from store.db.unit_of_work import Store
from store.rules.students.messages import Said, Saying


@dataclass(frozen=True, slots=True)
class FormAct:
    """``run`` raises ``CaseworkError`` where it is refused, which answers with status ``refused``;
    ``InvalidInput`` answers with 422."""

    run: Callable[[], object]
    thanks: str
    refused: int = 409


def form_act(store: Store, student: int, form: SubmittedForm) -> FormAct:
    """Return what a form does. Raises ``Unreadable`` for a form with another purpose."""
    key = _key(student, form)
    if form.taken_back is not None:
        return FormAct(partial(withdraw_absence, store, student, form.taken_back), TAKEN_BACK)
    if form.replied_to is not None:
        reply = partial(answer_question, store, student, form.replied_to, form.words)
        return FormAct(reply, THANKS_FOR_REPLY)
    if (asks := form.data_ask) is not None:
        ask = partial(ask_about_data, store, student, asks, form.words, key)
        return FormAct(ask, THANKS_FOR_ASKING[asks])
    said = Said(student, form.kind, form.words, form.way)
    return FormAct(partial(record_message, store, said, key), THANKS[form.kind], 429)


def absence_act(store: Store, student: int, sent: AbsenceForm) -> FormAct:
    """Return what the form with a document does."""

    def ask() -> None:
        request_absence(store, sent.asked(student), _key(student, sent.form))

    return FormAct(ask, THANKS[Saying.ABSENCE], 429)


def _key(student: int, form: SubmittedForm) -> str:
    return f"me:{student}:{form.key}"
