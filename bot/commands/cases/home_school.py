"""alert-home, acknowledge: messages between a contributing school and the home school."""

from __future__ import annotations

from bot.cards.cases.contributing import alert_home_dialog
from bot.cards.kit.model import Dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import alert_home_school as alerting
from store.actions.cases.alert_home_school import Alerted
from store.queries.students.references import case_id_of
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput


@COMMANDS.add(
    "alert-home",
    "Tell a student's home school what your school has noticed.",
    "alert-home MATH-3 has not come to labs",
    Action.ALERT_HOME,
)
def alert_home(call: Call) -> Reply:
    """Alert the home school, by a card's case or by the number of a student of a module."""
    case, student = _about_whom(call)
    if call.answers is not None:
        why = call.answers.get("why", "")
    else:
        why = " ".join(call.words()[1:]) if call.was_typed else ""
    if call.answers is None and not why:
        return Reply(dialog=_dialog(call, case, student))
    if case is not None:
        done = alerting.alert_home_school(call.store, call.request, case, why)
    else:
        done = alerting.alert_home_school_about(call.store, call.request, student, why)
    return Reply(card=notice(_said(done)))


@COMMANDS.add(
    "acknowledge",
    "Confirm that your school has seen an alert, or a case handed over to it.",
    "acknowledge LANG-12",
    Action.ACKNOWLEDGE,
)
def acknowledge(call: Call) -> Reply:
    """Acknowledge an alert or a handed-over case for the home school."""
    case = call.case_id()
    alerting.acknowledge_alert(call.store, call.request, case)
    if not call.wants_words:
        return Reply()
    seen = call.preview(case, Action.SEE)
    return Reply(card=notice(f"{seen.case.reference} is acknowledged."))


def _about_whom(call: Call) -> tuple[int | None, int]:
    """Return (case, 0) or (None, student), from the card, the form or the typed words."""
    if "student" in call.interaction.ids:
        return None, call.id("student")
    if "case" in call.interaction.ids:
        return call.case_id(), 0
    words = call.words()
    if not words:
        raise InvalidInput(
            "Which case, or which student number? For example: "
            "/lantern alert-home 2001 has not come to labs"
        )
    with call.store.database.read() as connection:
        case = case_id_of(connection, words[0])
    if case is not None:
        return case, 0
    return None, alerting.student_to_alert_about(call.store, call.actor.id, words[0])


def _dialog(call: Call, case: int | None, student: int) -> Dialog:
    if case is None:
        return alert_home_dialog({"student": str(student)}, "the student whose number you gave")
    reference = alerting.may_alert_case(call.store, call.actor.id, case)
    return alert_home_dialog({"case": str(case)}, reference)


def _said(done: Alerted) -> str:
    return (
        f"{done.home_name}, the home school, is alerted; its case is {done.reference}. Lantern "
        "tells you when it has been acknowledged."
    )
