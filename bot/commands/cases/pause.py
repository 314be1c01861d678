"""pause, resume, snooze, exempt, reopen: stop work on a case for a time, or start it again."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.pause import exempt_dialog, pause_dialog, snooze_dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.cases.death import record_first_report
from bot.commands.form_values import read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import pause as resting
from store.actions.cases import reopen as reopening
from store.actions.students import exempt as exempting
from store.actions.students.adjust import Adjustment, adjust_student
from store.actions.students.exempt import Exemption
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput
from store.rules.model import ExemptionKind, MarkerFamily
from store.rules.students.exemptions import ADJUSTABLE
from store.rules.text.date_parsing import day_meant
from store.rules.text.formatting import day_ahead

_SUGGESTED_PAUSE = dt.timedelta(days=7)
_SUGGESTED_SNOOZE = dt.timedelta(days=3)
_LONGEST_DAY = 6
"""The most words that a date may have: “until the 1st of march 2027”."""


@COMMANDS.add(
    "pause",
    "Pause a case until a date, with a reason.",
    "pause LANG-12 friday waiting for a note",
    Action.PAUSE,
)
def pause(call: Call) -> Reply:
    """Pause a case; no emails about engagement are sent until that day."""
    case, today = call.case_id(), institution_day(call.store.now())
    about = call.check(case, Action.PAUSE)
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and not typed:
        lifecycle.after(about, Move.PAUSE)
        return Reply(
            dialog=pause_dialog(
                call.preview(case, Action.PAUSE),
                today + _SUGGESTED_PAUSE,
            )
        )
    if call.answers is None:
        until, rest = _day_and_rest(typed, today)
        why = " ".join(rest)
    else:
        until = day_meant(call.answer("until"), today, "until")
        why = call.answers.get("why", "")
    resting.pause_case(call.store, call.request, case, until, why)
    return _said(call, f"{about.reference} is paused until {day_ahead(until, today)}.")


@COMMANDS.add("resume", "Resume a paused or referred case.", "resume LANG-12", Action.RESUME)
def resume(call: Call) -> Reply:
    """Resume a paused or referred case with the status that it had before."""
    case = call.case_id()
    resting.resume_case(call.store, call.request, case)
    about = call.check(case, Action.SEE)
    return _said(call, f"{about.reference} has resumed. Its status is {about.status.label}.")


@COMMANDS.add(
    "snooze",
    "Stop reminders about a case until a date.",
    "snooze LANG-12 for 3 days",
    Action.SNOOZE,
)
def snooze(call: Call) -> Reply:
    """Stop reminders about a case until a day; ``off`` starts them again."""
    case, today = call.case_id(), institution_day(call.store.now())
    about = call.check(case, Action.SNOOZE)
    typed = " ".join(call.words()[1:]) if call.was_typed else ""
    if call.answers is None and not typed:
        lifecycle.after(about, Move.WORK)
        return Reply(
            dialog=snooze_dialog(
                call.preview(case, Action.SNOOZE),
                today + _SUGGESTED_SNOOZE,
            )
        )
    if typed.casefold() == "off":
        resting.snooze_case(call.store, call.request, case, None)
        return _said(call, f"{about.reference} is no longer snoozed.")
    until = (
        day_meant(typed, today)
        if call.answers is None
        else day_meant(call.answer("until"), today, "until")
    )
    resting.snooze_case(call.store, call.request, case, until, asks=True)
    return _said(call, f"{about.reference} is snoozed until {day_ahead(until, today)}.")


@COMMANDS.add(
    "exempt",
    "Exempt a student from flags and engagement emails for a time.",
    "exempt LANG-12 placement for 8 weeks at a school abroad",
    Action.EXEMPT,
)
def exempt(call: Call) -> Reply:
    """Exempt a student: ``LANG-12``, ``LANG-12 end``, or a kind, a last day and a reason."""
    case, today = call.case_id(), institution_day(call.store.now())
    about = call.check(case, Action.EXEMPT)
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and not typed:
        lifecycle.after(about, Move.WORK)
        return Reply(dialog=exempt_dialog(call.preview(case, Action.EXEMPT), today))
    if typed and typed[0].casefold() == "end":
        exempting.end_exemption(call.store, call.request, case)
        return _said(call, f"The exemption of {about.reference} has ended.")
    if typed and typed[0].casefold() == ExemptionKind.DECEASED:
        return record_first_report(call, case, " ".join(typed[1:]))
    if (typed[0].casefold() if typed else call.answer("kind")) in ADJUSTABLE:
        return _adjusted(call, case, about, typed, today)
    wanted = typed_exemption(typed, today) if call.answers is None else filled_in(call, today)
    exempting.exempt_student(call.store, call.request, case, wanted)
    since = f" from {day_ahead(wanted.first, today)}" if wanted.first > today else ""
    until = f" until {day_ahead(wanted.last, today)}" if wanted.last else ""
    return _said(call, f"The student of {about.reference} is exempt{since}{until}.")


def _adjusted(call: Call, case: int, about: Case, typed: list[str], today: dt.date) -> Reply:
    """Adjust what is expected, from a form or a typed line, which read as an exemption's do."""
    as_kind = ExemptionKind.APPROVED_ABSENCE
    if typed:
        family, read = typed[0].casefold(), typed_exemption([as_kind, *typed[1:]], today)
    else:
        family, read = call.answer("kind"), filled_in(call, today, as_kind)
    wanted = Adjustment(MarkerFamily(family), read.first, read.last, read.reason)
    adjust_student(call.store, call.request, case, wanted)
    until = f" until {day_ahead(wanted.last, today)}" if wanted.last else ""
    return _said(call, f"{about.reference}: {wanted.family} not expected{until}.")


@COMMANDS.add("reopen", "Open a closed case again.", "reopen LANG-12", Action.REOPEN)
def reopen(call: Call) -> Reply:
    """Open a closed case again, or merge it into the student's open case."""
    case = call.case_id()
    about = call.check(case, Action.REOPEN)
    newer = reopening.reopen_case(call.store, call.request, case)
    if newer:
        return Reply(card=notice(f"{about.reference} was merged into {newer}, which is open."))
    return _said(call, f"{about.reference} is open again.")


def _day_and_rest(words: list[str], today: dt.date) -> tuple[dt.date, list[str]]:
    """Read the longest date at the start of a typed line; give it and the words after it."""
    for length in range(min(_LONGEST_DAY, len(words)), 0, -1):
        try:
            return day_meant(" ".join(words[:length]), today), words[length:]
        except InvalidInput:
            continue
    return day_meant(words[0] if words else "", today), words


def typed_exemption(words: list[str], today: dt.date) -> Exemption:
    """Read a kind, a last day and a reason, from today; or a first day, a last day and a reason.

    Raises ``InvalidInput`` where the kind, the last day or the reason is missing.
    """
    if not words:
        raise InvalidInput("Give the kind, the last day and the reason.")
    kind = read_choice(ExemptionKind, {"kind": words[0].casefold()}, "kind")
    if kind is ExemptionKind.DECEASED:
        return Exemption(kind, today, None, " ".join(words[1:]))
    last, rest = _day_and_rest(words[1:], today)
    try:
        until, known = _day_and_rest(rest, today)
    except InvalidInput:
        return Exemption(kind, today, last, " ".join(rest))
    return Exemption(kind, last, until, " ".join(known))


def filled_in(call: Call, today: dt.date, kind: ExemptionKind | None = None) -> Exemption:
    """Read the exemption from a form. ``kind``: what it counts as where the form has another."""
    answers = call.answers or {}
    last = (
        day_meant(call.answer("last"), today, "last") if answers.get("last", "").strip() else None
    )
    kind = kind or read_choice(ExemptionKind, answers, "kind")
    return Exemption(
        kind, day_meant(call.answer("first"), today, "first"), last, answers.get("reason", "")
    )


def _said(call: Call, sentence: str) -> Reply:
    """Confirm a typed command in words; after a click or a dialog, the card shows the effect."""
    return Reply(card=notice(sentence)) if call.wants_words else Reply()
