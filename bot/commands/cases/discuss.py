"""view, log: what colleagues think, and what they did."""

from __future__ import annotations

from bot.cards.cases.dialogs import NOT_REACHED, REACHED, log_dialog, view_dialog
from bot.commands.cases.contact_ladder import attempt, is_attempt
from bot.commands.cases.own import done
from bot.commands.form_values import choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.cases.discuss import EvidenceUnread
from store.queries.cases.records import CaseView
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput
from store.rules.model import InterventionKind, Opinion


@COMMANDS.add(
    "view",
    "Say what you think should happen, and why.",
    "view LANG-12 wait she was ill last week",
    Action.VIEW,
)
def view(call: Call) -> Reply:
    """A colleague's opinion, before anything is done."""
    case = call.case_id()
    answers = _given(call, "opinion", "reason")
    if answers is None:
        _open(call, case, Action.VIEW)
        seen = reading.open_evidence(call.store, call.request, case, Action.VIEW)
        return Reply(dialog=view_dialog(seen))
    opinion, reason = choice(Opinion, answers, "opinion"), answers.get("reason", "")
    try:
        discussion.add_view(call.store, call.request, case, opinion, reason)
    except EvidenceUnread:
        if not call.was_typed:
            raise
        # What was typed waits in the form, below the evidence.
        seen = reading.open_evidence(call.store, call.request, case, Action.VIEW)
        return Reply(dialog=view_dialog(seen, opinion, reason))
    return done(call, case, f"has your view: {opinion.label}.")


@COMMANDS.add(
    "log",
    "Record a call, a meeting or another step.",
    "log LANG-12 call not-reached rang twice",
    Action.LOG,
)
def log(call: Call) -> Reply:
    """Something that was done: ``log LANG-12 meeting met her for half an hour``. After the kind,
    ``not-reached`` says that the student was not there."""
    if is_attempt(call):
        return attempt(call)
    case = call.case_id()
    answers = _given(call, "kind", "note")
    if answers is None:
        return Reply(dialog=log_dialog(_open(call, case, Action.LOG)))
    kind, note = choice(InterventionKind, answers, "kind"), answers.get("note", "")
    reached, note = _reached(answers.get("reached", ""), note)
    on = answers.get("on", "")
    discussion.log(call.store, call.request, case, kind, note, on=on, reached=reached)
    return done(call, case, f"has it logged: {kind.label}.")


def _reached(chosen: str, note: str) -> tuple[bool | None, str]:
    """What the form holds, or the word before a typed note; and the note without it."""
    first, _, rest = note.strip().partition(" ")
    if not chosen and first.casefold() in (REACHED, NOT_REACHED) and rest.strip():
        chosen, note = first.casefold(), rest.strip()
    return {REACHED: True, NOT_REACHED: False}.get(chosen), note


def _given(call: Call, what: str, words: str) -> dict[str, str] | None:
    """What a form holds, or a line with all its words; None where the form is still to be shown."""
    if call.answers is not None:
        return call.answers
    first, _, rest = call.rest().partition(" ")
    return {what: first.casefold(), words: rest.strip()} if rest.strip() else None


def _open(call: Call, case: int, action: Action) -> CaseView:
    seen = reading.peek(call.store, call.actor.id, case, action)
    if seen.case.is_closed:
        raise InvalidInput(f"{seen.case.reference} is closed, so nothing can be added.")
    return seen
