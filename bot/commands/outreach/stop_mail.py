"""stop-mail, start-mail: the lead's own switch."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.outreach.stop_mail import stop_dialog
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.outreach import stop_mail as stops
from store.queries.schools.staff import School, all_schools
from store.rules.access.permissions import Action, schools_where
from store.rules.errors import InvalidInput, NotAllowed


@COMMANDS.add(
    "stop-mail",
    "Stop all mail of your school at once.",
    "stop-mail the letters hold wrong words",
    Action.LEAD,
)
def stop_mail(call: Call) -> Reply:
    """Nothing leaves from now on; what was approved waits."""
    school, typed = _school_and_words(call)
    why = typed if call.answers is None else call.answers.get("why", "")
    if not why.strip() and call.answers is None:
        return Reply(dialog=stop_dialog(school))
    stops.stop(call.store, call.request, school.id, why)
    return Reply(
        card=notice(
            "No mail leaves your school from now on. What was approved waits.",
            "Let it go on with /lantern start-mail.",
        )
    )


@COMMANDS.add("start-mail", "Let your school's mail go on.", "start-mail", Action.LEAD)
def start_mail(call: Call) -> Reply:
    """What waits is looked at again, and leaves where nothing else stands in its way."""
    school, _ = _school_and_words(call)
    stops.start(call.store, call.request, school.id)
    return Reply(card=notice("Your school's mail goes on. Approvals that are too old do not."))


def _school_and_words(call: Call) -> tuple[School, str]:
    """The school that the person leads, by its code where they lead several; and what follows."""
    led = schools_where(call.actor, Action.LEAD)
    if not led:
        raise NotAllowed("Your school's engagement lead stops and starts its mail.")
    with call.store.database.read() as connection:
        codes = {each.code: each for each in all_schools(connection) if each.id in led}
    if "school" in call.interaction.ids:
        known = {each.id: each for each in codes.values()}
        if call.id("school") not in known:
            raise InvalidInput(f"Please name one of your schools: {', '.join(codes)}.")
        return known[call.id("school")], ""
    first, _, rest = call.interaction.text.strip().partition(" ")
    if first.upper() in codes:
        return codes[first.upper()], rest
    if len(codes) > 1:
        named = call.command.example.replace(call.command.name, f"{call.command.name} {min(codes)}")
        raise InvalidInput(f"Which school? For example: {named}")
    return next(iter(codes.values())), call.interaction.text
