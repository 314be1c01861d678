"""stop-mail, start-mail: stop and start a school's emails, for its engagement lead."""

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
    "Stop all emails of your school at once.",
    "stop-mail the letters hold wrong words",
    Action.LEAD,
)
def stop_mail(call: Call) -> Reply:
    """Stop every email of the school. Approved emails wait."""
    school, typed = _school_and_words(call)
    why = typed if call.answers is None else call.answers.get("why", "")
    if not why.strip() and call.answers is None:
        return Reply(dialog=stop_dialog(school))
    stops.stop_mail(call.store, call.request, school.id, why)
    return Reply(
        card=notice(
            "Your school sends no more emails. Approved emails wait.",
            "Start again with /lantern start-mail.",
        )
    )


@COMMANDS.add("start-mail", "Start your school's emails again.", "start-mail", Action.LEAD)
def start_mail(call: Call) -> Reply:
    """Start emails again. Each waiting email is checked once more before it is sent."""
    school, _ = _school_and_words(call)
    stops.start_mail(call.store, call.request, school.id)
    return Reply(
        card=notice(
            "Your school can send emails again.",
            "Emails whose approval has expired are not sent.",
        )
    )


def _school_and_words(call: Call) -> tuple[School, str]:
    """Read the school, by its code where the person leads several, and the words after it."""
    led = schools_where(call.actor, Action.LEAD)
    if not led:
        raise NotAllowed("Your school's engagement lead stops and starts its emails.")
    with call.store.database.read() as connection:
        codes = {each.code: each for each in all_schools(connection) if each.id in led}
    if "school" in call.interaction.ids:
        known = {each.id: each for each in codes.values()}
        if call.id("school") not in known:
            raise InvalidInput(f"Name one of your schools: {', '.join(codes)}.")
        return known[call.id("school")], ""
    first, _, rest = call.interaction.text.strip().partition(" ")
    if first.upper() in codes:
        return codes[first.upper()], rest
    if len(codes) > 1:
        named = call.command.example.replace(call.command.name, f"{call.command.name} {min(codes)}")
        raise InvalidInput(f"Which school? For example: {named}")
    return next(iter(codes.values())), call.interaction.text
