"""traces, fitness: view digital traces, and decide on Fitness to Study."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.fitness_to_study import fitness_dialog, traces_dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.form_values import read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import decide_fitness_to_study as fitness
from store.actions.cases import log_attempt as attempts
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of, logins_looked_at
from store.queries.cases.records import CaseView
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.contact_ladder import check_traces_are_last
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput
from store.rules.model import AttemptResult, FitnessDecision, Rung
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.digital_traces import (
    LOGINS,
    SWIPES,
    check_swipes,
    result_of,
    sources_of,
)
from store.rules.text.reasons import check_reason


@COMMANDS.add(
    "traces",
    "View a student's digital traces, the last contact step.",
    "traces LANG-12 phone and emails failed",
    Action.TRACES,
)
def traces(call: Call) -> Reply:
    """Show the newest activity in each agreed source, and log it as an attempt with its purpose."""
    case = call.case_id()
    seen = call.preview(case, Action.TRACES)
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        policy = school_policy(connection, seen.case.school, today)
        ladder = ladder_of(connection, seen.case, policy, today)
    typed = call.rest()
    if call.answers is None and not typed:
        lifecycle.after(seen.case, Move.WORK)
        check_traces_are_last(ladder, seen.case.reference)
        return Reply(dialog=traces_dialog(seen, bool(policy.traces.swipes)))
    what, purpose = _asked(call, typed, seen)
    check_traces_are_last(ladder, seen.case.reference)
    if what == SWIPES:
        with call.store.database.read() as connection:
            check_swipes(policy.traces, seen.case.reference, logins_looked_at(connection, case))
    sources, days = sources_of(policy, swipes=what == SWIPES)
    first = today - dt.timedelta(days=days)
    found = call.traces(seen.case.student, sources, first, today - dt.timedelta(days=1))
    seen_on = max((each.last_seen for each in found if each.last_seen), default=None)
    rung = Rung.DIGITAL_TRACES
    result = result_of(found, policy.calendar)
    attempts.log_attempt(
        call.store, call.request, case, rung, result, purpose, looked_at=what, seen_on=seen_on
    )
    lines = "\n".join(each.said(policy.calendar) for each in found)
    return Reply(
        card=notice(
            lines or "There is no agreed source to check.",
            "The case records that you looked, and why." + _then(policy, what, result),
        )
    )


def _then(policy: SchoolPolicy, what: str, result: AttemptResult) -> str:
    """Say what is left of the step: card swipes, where the school has agreed them."""
    left = what == LOGINS and result is AttemptResult.NOTHING_SEEN and policy.traces.swipes
    return " Card swipes come next: Digital traces → Card swipes." if left else ""


def _asked(call: Call, typed: str, seen: CaseView) -> tuple[str, str]:
    """Read what to look at and why: ``traces LANG-12 swipes …`` or the dialog's fields."""
    if call.answers is not None:
        what, purpose = call.answers.get("what") or LOGINS, call.answers.get("purpose", "")
    else:
        word, _, rest = typed.partition(" ")
        what, purpose = (SWIPES, rest) if word.casefold() == SWIPES else (LOGINS, typed)
    if what not in (LOGINS, SWIPES):
        raise InvalidInput("Choose log-ins or card swipes.", field="what")
    own = [flag.reason for flag in seen.flags]
    return what, check_reason(purpose, field="purpose", asks="Give the purpose", own=own)


@COMMANDS.add("fitness", "As lead: decide on Fitness to Study.", "fitness LANG-12", Action.FITNESS)
def fitness_command(call: Call) -> Reply:
    """Record the lead's decision on Fitness to Study. It is offered only after every contact step
    failed.
    """
    case = call.case_id()
    about = call.check(case, Action.FITNESS)
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and len(typed) < 2:
        seen = call.preview(case, Action.FITNESS)
        question = fitness.ask_fitness_question(call.store, call.request, case, call.traces)
        return Reply(dialog=fitness_dialog(seen, question))
    answers = (
        call.answers
        if call.answers is not None
        else {"decision": typed[0].casefold(), "why": " ".join(typed[1:])}
    )
    decision = read_choice(FitnessDecision, answers, "decision")
    why = answers.get("why", "")
    summary = fitness.decide_fitness_to_study(
        call.store, call.request, case, decision, why, call.traces
    )
    if decision is FitnessDecision.NOT_NOW:
        return Reply(
            card=notice(
                f"{about.reference}: not now. Your reason is recorded. If still nothing is heard "
                "or seen of the student, Lantern asks again after the time of grace."
            )
        )
    return Reply(card=notice(f"{about.reference} is referred. The summary:\n{summary}"))
