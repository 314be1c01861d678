"""retention: the data protection officer sees how long a school keeps what, and approves it."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.schools.retention import retention_card, retention_dialog
from bot.commands.own_schools import the_school
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.privacy.retention import approve_retention, preview_retention
from store.queries.privacy.retention import schedule_of, schedules
from store.queries.schools.staff import all_schools
from store.rules.access.permissions import Action, authorise_in
from store.rules.calendar import institution_day


@COMMANDS.add(
    "retention",
    "As data protection officer: see how long your school keeps data, and approve it.",
    "retention LANG",
    Action.RETENTION,
)
def retention(call: Call) -> Reply:
    """Show the periods of a school and what is past them; the card's button approves them."""
    today = institution_day(call.store.now())
    is_typed = "school" not in call.interaction.ids
    with call.store.database.read() as connection:
        if is_typed:
            school = the_school(connection, call, Action.RETENTION)
        else:
            authorise_in(call.actor, Action.RETENTION, call.id("school"))
            school = next(each for each in all_schools(connection) if each.id == call.id("school"))
        known = schedules(connection, today)
        delivered = call.available().delivered
        shown = preview_retention(connection, schedule_of(known, school), known, delivered, today)
    if call.answers is not None:
        approve_retention(call.store, call.request, shown, call.answers.get("confirm", ""))
        return Reply(
            card=notice(
                f"Approved. Data of {school.name} past its period is deleted every night.",
                "Data that a complaint or a hold is about is kept.",
            )
        )
    return Reply(card=retention_card(shown)) if is_typed else Reply(dialog=retention_dialog(shown))
