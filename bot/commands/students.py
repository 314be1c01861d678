"""said: list the messages that students wrote, and answer one."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.students import saying_dialog, sayings_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.students.answer_message import answer_message, read_saying, waiting_on
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
            return Reply(card=sayings_card(waiting_sayings(connection, schools), Calendar()))
    saying = _meant(call)
    typed = " ".join(call.interaction.text.split()[1:]) if call.was_typed else ""
    if call.answers is None and not typed:
        read = read_saying(call.store, call.request, saying)
        return Reply(dialog=saying_dialog(read, Calendar()))
    words = typed if call.answers is None else call.answers.get("answer", "")
    reference = answer_message(call.store, call.request, saying, words)
    where = f"{reference}: answered." if reference else "Answered."
    return Reply(card=notice(where, "The student reads it on their own page."))


def _meant(call: Call) -> int:
    """Find the message that a button names, or the oldest one waiting on the case."""
    if "saying" in call.interaction.ids:
        return call.id("saying")
    waiting = waiting_on(call.store, call.case_id())
    if waiting is None:
        raise InvalidInput("The student of this case is not waiting for an answer.")
    return waiting
