"""said: list the messages that students wrote, answer one, and decide on an absence."""

from __future__ import annotations

from bot.cards.absences import AGREE, REFUSE, absence_dialog
from bot.cards.kit.reply_cards import notice
from bot.cards.students import saying_dialog, sayings_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.students.answer_message import answer_message, read_saying, waiting_on
from store.actions.students.decide_absence import Decision, decide_absence, read_absence
from store.queries.students.absences import is_absence
from store.queries.students.messages import waiting_sayings
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import Calendar
from store.rules.errors import InvalidInput, NotAllowed


@COMMANDS.add("said", "Read and answer messages from students.", "said", Action.REVEAL)
def said(call: Call) -> Reply:
    """List waiting messages; ``said LANG-12`` opens one, and with words after it, answers it.

    Raises ``NotAllowed`` for people who are not caseworkers of a school.
    """
    if call.was_typed and not call.words():
        schools = schools_where(call.actor, Action.REVEAL)
        if not schools:
            raise NotAllowed("Only a school's caseworkers can do this.")
        with call.store.database.read() as connection:
            lines = waiting_sayings(connection, schools, call.actor.id)
        return Reply(card=sayings_card(lines, Calendar()))
    saying = _meant(call)
    with call.store.database.read() as connection:
        asks_for_absence = is_absence(connection, saying)
    if asks_for_absence:
        return _absence(call, saying)
    typed = " ".join(call.interaction.text.split()[1:]) if call.was_typed else ""
    if call.answers is None and not typed:
        read = read_saying(call.store, call.request, saying)
        return Reply(dialog=saying_dialog(read, Calendar()))
    words = typed if call.answers is None else call.answers.get("answer", "")
    reference = answer_message(call.store, call.request, saying, words)
    where = f"{reference}: answered." if reference else "Answered."
    return Reply(card=notice(where, "The student reads it on their own page."))


def _absence(call: Call, saying: int) -> Reply:
    """Open a request to be absent, or save what was decided in its form.

    Words that were typed behind the command decide nothing: they do not say whether it is agreed.
    """
    if call.answers is None:
        return Reply(
            dialog=absence_dialog(read_absence(call.store, call.request, saying), Calendar())
        )
    chosen = call.answer("decision")
    if chosen not in (AGREE, REFUSE):
        raise InvalidInput("Choose whether you agree.", field="decision")
    decision = Decision(chosen == AGREE, call.answer("answer"))
    reference = decide_absence(call.store, call.request, saying, decision)
    said = "The absence is agreed." if decision.agreed else "The absence is not agreed."
    where = f"{reference}: {said[0].lower()}{said[1:]}" if reference else said
    return Reply(card=notice(where, "The student reads it on their own page."))


def _meant(call: Call) -> int:
    """Find the message that a button names, or the oldest one waiting on the case."""
    if "saying" in call.interaction.ids:
        return call.id("saying")
    waiting = waiting_on(call.store, call.case_id())
    if waiting is None:
        raise InvalidInput("The student of this case is not waiting for an answer.")
    return waiting
