"""ladder, attempt: the next contact step of a case, and the result of an attempt."""

from __future__ import annotations

from bot.cards.cases.attempt import attempt_dialog
from bot.cards.cases.contact_ladder import ladder_card
from bot.cards.kit.reply_cards import notice
from bot.commands.form_values import read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import log_access as reading
from store.actions.cases import log_attempt as attempts
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.model import AttemptResult, Rung


@COMMANDS.add(
    "ladder", "See the contact ladder and its next step.", "ladder LANG-12", Action.LADDER
)
def ladder(call: Call) -> Reply:
    """Show which contact steps were taken, and which comes next."""
    case = call.case_id()
    seen = reading.preview_case(call.store, call.actor.id, case, Action.LADDER)
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        policy = school_policy(connection, seen.case.school, today)
        stands = ladder_of(connection, seen.case, policy, today)
    return Reply(card=ladder_card(seen, stands))


@COMMANDS.add(
    "attempt", "Log an attempt to reach the student.", "attempt LANG-12 phone no-answer", Action.LOG
)
def attempt(call: Call) -> Reply:
    """Log an attempt, such as a call or digital traces, and its result.

    Raises ``InvalidInput`` where the case is closed.
    """
    case = call.case_id()
    seen = reading.preview_case(call.store, call.actor.id, case, Action.LOG)
    if seen.case.is_closed:
        raise InvalidInput(f"You cannot add to {seen.case.reference} because it is closed.")
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and len(typed) < 2:
        return Reply(dialog=attempt_dialog(seen))
    answers = (
        call.answers
        if call.answers is not None
        else {"rung": typed[0], "result": typed[1], "note": " ".join(typed[2:])}
    )
    rung, result = read_choice(Rung, answers, "rung"), read_choice(AttemptResult, answers, "result")
    attempts.log_attempt(call.store, call.request, case, rung, result, answers.get("note", ""))
    return Reply(card=notice(f"{seen.case.reference}: logged.")) if call.wants_words else Reply()


def is_attempt(call: Call) -> bool:
    """Say whether a typed ``log`` names a step of the ladder: ``log LANG-12 phone no-answer …``."""
    typed = call.words()[1:] if call.was_typed else []
    return bool(typed) and typed[0] in set(Rung)
