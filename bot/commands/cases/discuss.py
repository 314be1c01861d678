"""view, log: record a colleague's view, and what colleagues did."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.dialogs import log_dialog, view_dialog
from bot.commands.cases.contact_ladder import attempt, before_a_view, is_attempt
from bot.commands.cases.log_line import Typed, as_typed, reached_word
from bot.commands.cases.own import done
from bot.commands.form_values import read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import add_note as notes
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.cases.discuss import EvidenceUnread
from store.queries.cases.records import CaseView
from store.rules.access.confidentiality import Readers
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.errors import InvalidInput
from store.rules.model import InterventionKind, Opinion, Rung
from store.rules.text.formatting import on_day


@COMMANDS.add(
    "view",
    "Say what you think should happen, and why.",
    "view LANG-12 wait she was ill last week",
    Action.VIEW,
)
def view(call: Call) -> Reply:
    """Record a colleague's view on what should happen, before contact with the student."""
    case = call.case_id()
    answers = _given(call, "opinion", "reason")
    if answers is None:
        _check_open(reading.check_case(call.store, call.actor.id, case, Action.VIEW))
        seen = reading.open_evidence(call.store, call.request, case, Action.VIEW)
        return Reply(dialog=view_dialog(seen))
    opinion, reason = read_choice(Opinion, answers, "opinion"), answers.get("reason", "")
    try:
        discussion.add_view(call.store, call.request, case, opinion, reason)
    except EvidenceUnread:
        if not call.was_typed:
            raise
        # The form shows the evidence first and keeps what was typed.
        seen = reading.open_evidence(call.store, call.request, case, Action.VIEW)
        return Reply(dialog=view_dialog(seen, opinion, reason))
    return done(call, case, f"has your view: {opinion.label}.")


@COMMANDS.add(
    "log",
    "Record a call, a meeting or another step, and its day.",
    "log LANG-12 call not-reached yesterday: rang twice",
    Action.LOG,
)
def log(call: Call) -> Reply:
    """Log what was done: ``log LANG-12 meeting yesterday: met her for half an hour``.

    After the kind come ``not-reached``, where the student was not present, and the day. Both are
    optional.
    """
    if is_attempt(call):
        return attempt(call)
    case = call.case_id()
    answers = _given(call, "kind", "note")
    if answers is None:
        return Reply(dialog=log_dialog(_open(call, case, Action.LOG)))
    if answers.get("kind") in set(Rung) and not call.was_typed:
        return _attempt(call, answers)
    kind, typed = read_choice(InterventionKind, answers, "kind"), as_typed(answers.get("note", ""))
    if kind is InterventionKind.NOTE and answers.get("readers") and not call.was_typed:
        readers = read_choice(Readers, answers, "readers")
        notes.add_note(call.store, call.request, case, answers.get("note", ""), readers)
        return done(call, case, "has your note.")
    if not call.was_typed:
        chosen = reached_word(answers.get("reached", ""))
        typed = Typed(answers.get("note", ""), chosen, answers.get("on", ""))
    on = discussion.log_intervention(
        call.store, call.request, case, kind, typed.note, on=typed.on, reached=typed.reached
    )
    is_today = on == institution_day(call.store.now())
    when = "" if is_today else f", {on_day(on)}"
    early = before_a_view(call, case) if kind is not InterventionKind.NOTE else ""
    return done(call, case, f"has a new log entry: {kind.label}{when}.", early)


def _attempt(call: Call, answers: dict[str, str]) -> Reply:
    """Log an attempt that was chosen in the form: its result is needed too."""
    if not answers.get("result"):
        raise InvalidInput("Choose the result of the attempt.", field="result")
    values = {**answers, "rung": answers["kind"]}
    return attempt(replace(call, interaction=replace(call.interaction, values=values)))


def _given(call: Call, what: str, words: str) -> dict[str, str] | None:
    """Read a form, or a complete typed line; None where the form has to be shown."""
    if call.answers is not None:
        return call.answers
    first, _, rest = call.rest().partition(" ")
    return {what: first.casefold(), words: rest.strip()} if rest.strip() else None


def _open(call: Call, case: int, action: Action) -> CaseView:
    seen = reading.preview_case(call.store, call.actor.id, case, action)
    _check_open(seen.case)
    return seen


def _check_open(case: Case) -> None:
    if case.is_closed:
        raise InvalidInput(f"You cannot add to {case.reference} because it is closed.")
