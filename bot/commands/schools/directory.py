"""directory: a lead or data protection officer confirms what the directory would take away."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.reply_cards import notice
from bot.cards.schools.directory import Waiting, directory_card, directory_dialog
from bot.commands.own_schools import named_schools
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from integrations.directory.state import DirectoryState
from store.actions.schools.follow_directory import confirm_in_school
from store.db.database import Connection
from store.queries.schools.directory import known_colleagues, last_look
from store.rules.access.directory import DirectoryAnswer, change_by
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput


@COMMANDS.add(
    "directory",
    "As lead or data protection officer: see and confirm who loses access.",
    "directory",
    Action.STAFF,
)
def directory(call: Call) -> Reply:
    """Show the changes that wait in the person's schools; a button of the card confirms one.

    Raises ``InvalidInput`` where the change of a button waits no longer.
    """
    with call.store.database.read() as connection:
        answer, at = _answer(connection, call)
        mine = named_schools(connection, call, Action.STAFF)
        staff = known_colleagues(connection) if answer else []
    changes = {each.school: each for each in change_by(answer, staff).schools} if answer else {}
    waiting: list[Waiting] = [
        (school, changes[school.code])
        for school in mine
        if school.code in changes and changes[school.code].is_change and changes[school.code].waits
    ]
    if "school" not in call.interaction.ids:
        return Reply(card=directory_card(waiting, at))
    found = next((each for each in waiting if each[0].id == call.id("school")), None)
    if found is None or answer is None:
        raise InvalidInput("No change waits there any more. Look again: /lantern directory")
    school, change = found
    if call.answers is None:
        return Reply(dialog=directory_dialog(school, change))
    seen = call.answers.get("confirm", "")
    confirm_in_school(call.store, call.request, school.code, answer, seen)
    return Reply(card=notice(f"Confirmed. Access in {school.name} follows the directory again."))


def _answer(
    connection: Connection, call: Call
) -> tuple[DirectoryAnswer | None, dt.datetime | None]:
    """Return what the newest look said, and when it was; None where there was none."""
    last = last_look(connection)
    if last is None:
        return None, None
    return DirectoryState.of_text(call.store.seal.open(last.state)).answer(), last.at
