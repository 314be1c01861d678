"""view, log: record a colleague's view, and what colleagues did."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.cards.cases.dialogs import NOT_REACHED, REACHED, log_dialog, view_dialog
from bot.commands.cases.contact_ladder import attempt, before_a_view, is_attempt
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
from store.rules.errors import InvalidInput
from store.rules.model import InterventionKind, Opinion, Rung
from store.rules.text.date_parsing import is_day
from store.rules.text.formatting import on_day

_AFTER_DAY = re.compile(r"[:,]\s|\s[-\u2013\u2014]\s|:(?!\S)")
"""The sign between the day and the note. Without it, the day is a part of the note."""
_PLAIN_DAY = re.compile(r"(yesterday|today)\s+", re.IGNORECASE)
"""Days that need no sign after them: a note that begins with one means that day anyway."""


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
    kind = read_choice(InterventionKind, answers, "kind")
    typed = _parse_log(answers.get("note", ""))
    if kind is InterventionKind.NOTE and answers.get("readers") and not call.was_typed:
        readers = read_choice(Readers, answers, "readers")
        notes.add_note(call.store, call.request, case, answers.get("note", ""), readers)
        return done(call, case, "has your note.")
    if not call.was_typed:
        chosen = _reached(answers.get("reached", ""))
        typed = _TypedLog(answers.get("note", ""), chosen, answers.get("on", ""))
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
    seen = call.preview(case, action)
    reading.check_open(seen.case)
    return seen


@dataclass(frozen=True, slots=True)
class _TypedLog:
    """The parts of a typed ``log``. ``on`` is the day as typed, '' for today.

    ``reached`` says whether the student was present; None: not said.
    """

    note: str
    reached: bool | None = None
    on: str = ""


def _parse_log(note: str) -> _TypedLog:
    """Parse ``not-reached yesterday: rang twice``: the two words in either order, both optional.

    A note that consists only of these words stays as it is.
    """
    found = _TypedLog(note.strip())
    for _ in range(2):
        found = _without_day(_without_reached(found))
    return found if found.note else _TypedLog(note.strip())


def _reached(word: str) -> bool | None:
    """Return the form's word for whether the student was present; None where it was not said."""
    return {REACHED: True, NOT_REACHED: False}.get(word.casefold())


def _without_reached(typed: _TypedLog) -> _TypedLog:
    first, _, rest = typed.note.partition(" ")
    said = _reached(first.rstrip(":,"))
    if typed.reached is not None or said is None or not rest.strip():
        return typed
    return replace(typed, note=rest.strip(), reached=said)


def _without_day(typed: _TypedLog) -> _TypedLog:
    if typed.on:
        return typed
    sign, plain = _AFTER_DAY.search(typed.note), _PLAIN_DAY.match(typed.note)
    day = typed.note[: sign.start()].rstrip() if sign else ""
    if sign and is_day(day):
        return replace(typed, note=typed.note[sign.end() :].strip(), on=day)
    if plain:
        return replace(typed, note=typed.note[plain.end() :].strip(), on=plain[1])
    return typed
