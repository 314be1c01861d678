"""read-now: open a student's answer or message at once."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.absences import absence_dialog
from bot.cards.cases.show import show_dialog
from bot.cards.cases.timeline import newest_from_student
from bot.cards.kit.model import Actions, Card
from bot.cards.students import saying_dialog
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from bot.posting.channel_card import card_of
from store.actions.cases import log_access as reading
from store.actions.students.answer_message import read_saying
from store.actions.students.decide_absence import read_absence
from store.policies.versions import school_policy
from store.queries.cases.thread_context import remarks_on
from store.queries.students.absences import is_absence
from store.rules.access.permissions import Action
from store.rules.calendar import Calendar, institution_day


@COMMANDS.add(
    "read-now",
    "Read a student's answer or urgent message at once.",
    "read-now LANG-12",
    Action.REVEAL,
)
def read_now(call: Call) -> Reply:
    """Open the message in one click, with what may be done about it.

    The button names the purpose, which the access log records.
    """
    if "saying" in call.interaction.ids:
        saying = call.id("saying")
        with call.store.database.read() as connection:
            asks_for_absence = is_absence(connection, saying)
        if asks_for_absence:
            absence = read_absence(call.store, call.request, saying)
            return Reply(dialog=absence_dialog(absence, Calendar()))
        read = read_saying(call.store, call.request, saying)
        return Reply(dialog=saying_dialog(read, Calendar()))
    case = call.case_id()
    shown = reading.read_answers(call.store, call.request, case)
    with call.store.database.read() as connection:
        now = call.store.now()
        day = institution_day(now)
        calendar = school_policy(connection, shown.view.case.school, day).calendar
        said = remarks_on(connection, case)
        card = card_of(connection, shown.view, now, call.store.limits, call.actor)
    steps = _next_steps(card)
    return Reply(
        dialog=show_dialog(
            shown.view,
            shown.private,
            calendar,
            said,
            turned_by="reveal",
            card=steps,
            on_top=newest_from_student(shown.view, shown.private, calendar),
        )
    )


def _next_steps(card: Card) -> Card | None:
    """Reduce a case's card to its buttons, without the one that has just been pressed."""
    for row in card.blocks:
        if isinstance(row, Actions):
            left = tuple(each for each in row.buttons if each.action != "read-now")
            return replace(card, blocks=(replace(row, buttons=left),)) if left else None
    return None
