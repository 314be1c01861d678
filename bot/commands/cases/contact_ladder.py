"""ladder, attempt: the next contact step of a case, and the result of an attempt."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.cards.cases.attempt import attempt_dialog
from bot.cards.cases.contact_ladder import ladder_card
from bot.cards.kit.reply_cards import notice
from bot.commands.form_values import as_choice, read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import log_access as reading
from store.actions.cases import log_attempt as attempts
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of, logins_looked_at
from store.queries.cases.first_view import said_of_newest
from store.queries.cases.flags import flags_of
from store.queries.readiness.on_case import readiness
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import check_traces_are_last
from store.rules.errors import NotPossibleNow
from store.rules.flag_rules.base import through
from store.rules.model import AttemptResult, Rung
from store.rules.students.digital_traces import Trace, result_of, sources_of
from store.rules.text.reasons import check_reason


@COMMANDS.add(
    "ladder", "See the contact ladder and its next step.", "ladder LANG-12", Action.LADDER
)
def ladder(call: Call) -> Reply:
    """Show which contact steps were taken, and which comes next."""
    case = call.case_id()
    today = institution_day(call.store.now())
    with reading.showing_steps(call.store, call.request, case) as (connection, seen):
        policy = school_policy(connection, seen.case.school, today)
        stands = ladder_of(connection, seen.case, policy, today)
        ready = readiness(connection, seen.case, call.store.now(), call.store.limits)
    seen = replace(seen, ready=ready)
    return Reply(card=ladder_card(seen, stands, policy.calendar, call.actor))


@COMMANDS.add(
    "attempt", "Log an attempt to reach the student.", "attempt LANG-12 phone no-answer", Action.LOG
)
def attempt(call: Call) -> Reply:
    """Log an attempt, such as a call or digital traces, and its result.

    Raises ``InvalidInput`` where the case is closed.
    """
    case = call.case_id()
    about = call.check(case, Action.LOG)
    reading.check_open(about)
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and len(typed) < 2:
        return Reply(dialog=attempt_dialog(call.preview(case, Action.LOG)))
    answers = (
        call.answers
        if call.answers is not None
        else {"rung": typed[0], "result": typed[1], "note": " ".join(typed[2:])}
    )
    rung, result = read_choice(Rung, answers, "rung"), read_choice(AttemptResult, answers, "result")
    if rung is Rung.DIGITAL_TRACES:
        _check_traces(call, about, answers.get("note", ""))
    if (rung, result) == (Rung.DIGITAL_TRACES, AttemptResult.NOTHING_SEEN):
        _check_nothing_seen(call, about)
    attempts.log_attempt(call.store, call.request, case, rung, result, answers.get("note", ""))
    early = before_a_view(call, case)
    if not call.wants_words and not early:
        return Reply()
    return Reply(card=notice(f"{about.reference}: logged.", early))


def before_a_view(call: Call, case: int) -> str:
    """Return a warning that this person acted before another colleague's view, or '' (§13)."""
    with call.store.database.read() as connection:
        return said_of_newest(connection, case, call.actor.id)


def _check_traces(call: Call, case: Case, note: str) -> None:
    """Refuse to log a look at digital traces before its turn, or a first look without the purpose
    that ``traces`` asks for.
    """
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        policy = school_policy(connection, case.school, today)
        ladder = ladder_of(connection, case, policy, today)
        looked = logins_looked_at(connection, case.id)
        own = [flag.reason for flag in flags_of(connection, case.id)]
    check_traces_are_last(ladder, case.reference)
    if looked is None:
        check_reason(note, field="note", asks="Give the purpose", own=own)


def _check_nothing_seen(call: Call, case: Case) -> None:
    """Refuse a typed result that says more than was measured, or less than a look showed.

    Only whether each day was measured is read. To read what the student did is a look, which needs
    a purpose.
    """
    today, reference = institution_day(call.store.now()), case.reference
    with call.store.database.read() as connection:
        policy = school_policy(connection, case.school, today)
        looked = logins_looked_at(connection, case.id)
    if looked is AttemptResult.TRACES_SEEN:
        raise NotPossibleNow(
            f"{reference}: the last check of digital traces showed activity of the student. Look "
            f"again with /lantern traces {reference}."
        )
    sources, days = sources_of(policy, swipes=False)
    first, last = today - dt.timedelta(days=days), through(today)
    measured = call.available().measured(today).of_student(case.student)
    traces = [
        Trace(each, first, last, None, measured.get(each, frozenset()) & _days(first, last))
        for each in sources
    ]
    if result_of(traces, policy.calendar) is not AttemptResult.NOTHING_SEEN:
        unknown = " ".join(each.said(policy.calendar) for each in traces)
        raise NotPossibleNow(
            f"{reference}: not every day was measured, so nothing was logged. {unknown} Log "
            "not-measured, or wait for the missing data."
        )


def _days(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    return frozenset(first + dt.timedelta(days=each) for each in range((last - first).days + 1))


def is_attempt(call: Call) -> bool:
    """Return whether a typed ``log`` names a contact step: ``log LANG-12 phone no-answer …``."""
    typed = call.words()[1:] if call.was_typed else []
    return bool(typed) and as_choice(typed[0]) in set(Rung)
