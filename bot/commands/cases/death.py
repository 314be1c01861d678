"""death: report that a student has died, confirm or correct the report, or undo it."""

from __future__ import annotations

from bot.cards.cases.death_card import DECIDE, death_line
from bot.cards.cases.death_dialogs import UNDO, decide_dialog, report_dialog, undo_dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.form_values import read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.students import report_death as death
from store.queries.cases.records import CaseView
from store.queries.contacts import contacts_of
from store.queries.deaths import has_died
from store.rules.access.death import Death, DeathDecision, check_second, may_decide
from store.rules.access.permissions import Action, may, schools_where
from store.rules.calendar import Calendar
from store.rules.cases.case import Case
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.students.contacts import ContactQuestion

_DECISIONS = {"confirm": DeathDecision.CONFIRMED, "refuse": DeathDecision.REFUSED}


@COMMANDS.add(
    "death",
    "Report that a student has died; a second colleague confirms it.",
    "death LANG-12 the registry told us this morning",
    Action.DEATH,
    Action.UNDO_DEATH,
)
def death_command(call: Call) -> Reply:
    """Report, confirm, correct or undo the death of a student.

    Typed: ``LANG-12 what is known``; ``LANG-12 confirm``, ``refuse`` or ``undo`` and how you know.
    A button carries the step.
    """
    case = call.case_id()
    word, _, rest = call.rest().partition(" ")
    _check_more_than_undo(call, case, word)
    step = call.interaction.ids.get("step", "")
    if step == UNDO or word.casefold() == UNDO:
        return _undo(call, case, rest)
    if step == DECIDE or word.casefold() in _DECISIONS:
        return _decide(call, case, word.casefold(), rest)
    return record_first_report(call, case, call.rest())


def record_first_report(call: Call, case: int, known: str) -> Reply:
    """Record the first report; without words, open the dialog.

    Raises ``NotPossibleNow`` where a death is reported already.
    """
    about = call.check(case, Action.DEATH)
    if call.answers is None and (_is_reported(call, about) or not known):
        return _before_a_report(call, case, known)
    death.report_death(call.store, call.request, case, call.answer("known") or known)
    return _said(
        call,
        f"{about.reference}: all contact has stopped, in every school. A second colleague is "
        "asked to confirm it.",
    )


def _is_reported(call: Call, case: Case) -> bool:
    with call.store.database.read() as connection:
        return has_died(connection, case.student)


def _before_a_report(call: Call, case: int, known: str) -> Reply:
    seen = call.preview(case, Action.DEATH)
    if seen.death is not None:
        if may_decide(seen.death, call.actor, seen.case.school):
            # What they typed may confirm it or correct it: the form asks which.
            came = _message_came(call, seen.case.student, seen.death)
            return Reply(dialog=decide_dialog(seen, seen.death, why=known, message_came=came))
        raise NotPossibleNow(
            f"{seen.case.reference}: {death_line(seen.death)}{_undoing(call, seen)}"
        )
    return Reply(dialog=report_dialog(seen))


def _undoing(call: Call, seen: CaseView) -> str:
    if not may(call.actor, Action.UNDO_DEATH, seen.case.school):
        return ""
    return f" If that is not right, undo it: /lantern death {seen.case.reference} undo."


def _check_more_than_undo(call: Call, case: int, word: str) -> None:
    """Refuse all steps but ``undo`` to a data protection officer, who does not report deaths."""
    is_undo = UNDO in (word.casefold(), call.interaction.ids.get("step", ""))
    if is_undo or schools_where(call.actor, Action.DEATH):
        return
    if schools_where(call.actor, Action.UNDO_DEATH):
        known = call.check(case, Action.UNDO_DEATH)
        raise NotAllowed(
            "A colleague of the home school reports a death, and a second confirms it. You can "
            f"undo a report that is not right: /lantern death {known.reference} undo, and how you "
            "know."
        )


def _decide(call: Call, case: int, word: str, why: str) -> Reply:
    seen = call.preview(case, Action.CONFIRM_DEATH)
    recorded = _recorded(seen)
    decision = _DECISIONS.get(word)
    if call.answers is None and not why.strip():
        check_second(recorded, call.actor.id)
        came = _message_came(call, seen.case.student, recorded)
        return Reply(dialog=decide_dialog(seen, recorded, decision, message_came=came))
    if call.answers is not None or decision is None:
        answers = call.answers or {}
        decision, why = read_choice(DeathDecision, answers, "decision"), answers.get("why", "")
    if decision is DeathDecision.CONFIRMED:
        death.confirm_death(call.store, call.request, case, why)
        return _said(call, f"{seen.case.reference}: confirmed. Thank you.")
    death.refuse_death(call.store, call.request, case, why)
    return _said(call, f"{seen.case.reference}: everything is as it was before the report.")


def _message_came(call: Call, student: int, recorded: Death) -> bool:
    """Return whether a message has come in since the report. Its words are not shown."""
    with call.store.database.read() as connection:
        found = contacts_of(connection, student, Calendar(), ContactQuestion.ANSWERED)
    return any(each.at >= recorded.reported_at for each in found)


def _undo(call: Call, case: int, why: str) -> Reply:
    seen = call.preview(case, Action.UNDO_DEATH)
    recorded = _recorded(seen)
    if call.answers is None and not why:
        return Reply(dialog=undo_dialog(seen, recorded))
    death.undo_death(call.store, call.request, case, call.answer("why") or why)
    return _said(call, f"{seen.case.reference}: everything is as it was before the report.")


def _recorded(seen: CaseView) -> Death:
    if seen.death is None:
        raise NotPossibleNow(f"{seen.case.reference}: no death is recorded. Nothing was changed.")
    return seen.death


def _said(call: Call, sentence: str) -> Reply:
    return Reply(card=notice(sentence)) if call.wants_words else Reply()
