"""check-reply: read a doubtful reply, and decide whether it is an answer."""

from __future__ import annotations

from bot.cards.cases.check_reply import ANSWER, OTHER, doubtful_dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.outreach.decide_reply import decide_doubtful, read_doubtful
from store.rules.access.permissions import Action
from store.rules.calendar import Calendar
from store.rules.errors import InvalidInput


@COMMANDS.add(
    "check-reply",
    "Read a reply that may be automatic, and decide whether it is an answer.",
    "check-reply LANG-12",
    Action.REVEAL,
)
def check_reply(call: Call) -> Reply:
    """Open the oldest doubtful reply of the case: ``check-reply LANG-12``.

    Raises ``InvalidInput`` where the form was sent without a choice.
    """
    if call.answers is None:
        read = read_doubtful(call.store, call.request, call.case_id())
        return Reply(dialog=doubtful_dialog(read, Calendar()))
    decision = call.answer("decision")
    if decision not in (ANSWER, OTHER):
        raise InvalidInput("Choose whether it is an answer.", field="decision")
    is_answer = decision == ANSWER
    reference = decide_doubtful(
        call.store, call.request, call.case_id(), call.id("reply"), is_answer=is_answer
    )
    if is_answer:
        return Reply(card=notice(f"{reference}: the student has answered."))
    return Reply(card=notice(f"{reference}: the reply does not count as an answer."))
