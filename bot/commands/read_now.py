"""read-now: open an urgent message from a student at once."""

from __future__ import annotations

from bot.cards.cases.show import show_dialog
from bot.cards.students import saying_dialog
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import log_access as reading
from store.actions.students.answer_message import read_saying
from store.policies.versions import school_policy
from store.queries.cases.thread_context import remarks_on
from store.rules.access.confidentiality import RevealPurpose
from store.rules.access.permissions import Action
from store.rules.calendar import Calendar, institution_day


@COMMANDS.add(
    "read-now",
    "Read an urgent message from a student at once.",
    "read-now LANG-12",
    Action.REVEAL,
)
def read_now(call: Call) -> Reply:
    """Open the message from the private notice in one click; the access log records it."""
    if "saying" in call.interaction.ids:
        return Reply(
            dialog=saying_dialog(
                read_saying(call.store, call.request, call.id("saying")), Calendar()
            )
        )
    case = call.case_id()
    shown = reading.reveal_student(call.store, call.request, case, RevealPurpose.ANSWER_REQUEST)
    with call.store.database.read() as connection:
        day = institution_day(call.store.now())
        calendar = school_policy(connection, shown.view.case.school, day).calendar
        said = remarks_on(connection, case)
    return Reply(dialog=show_dialog(shown.view, shown.private, calendar, said, 1, "reveal"))
