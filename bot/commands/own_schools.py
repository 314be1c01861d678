"""Choose which of a person's schools a command is about: the one they name, or all."""

from __future__ import annotations

from bot.commands.table import Call
from store.actions.schools.lead_request import led_school
from store.db.database import Connection
from store.queries.schools.staff import School, all_schools
from store.rules.access.permissions import Action, schools_where
from store.rules.errors import InvalidInput, NotAllowed

_REFUSED = {
    Action.LEAD: "Only a school's engagement lead can do this. Ask yours.",
    Action.SEE: "Only a school's caseworkers can do this.",
    Action.FAIRNESS: "Only a school's engagement lead or data protection officer can do this.",
    Action.STAFF: "Only a school's engagement lead or data protection officer can do this.",
    Action.DATA_REQUESTS: "Only a school's data protection officer can do this.",
    Action.RETENTION: "Only a school's data protection officer can do this.",
}
_OTHERWISE = "Only the engagement lead of your school or faculty can do this. Ask them."


def named_schools(connection: Connection, call: Call, action: Action, at: int = 0) -> list[School]:
    """Return the school named by the typed word at index ``at``; without one, all of the person's
    schools in which they may do ``action``.

    Raises:
        NotAllowed: they may do it in no school.
        InvalidInput: the word is not the code of one of these schools.
    """
    able = schools_where(call.actor, action)
    if not able:
        raise NotAllowed(_REFUSED.get(action, _OTHERWISE))
    mine = [each for each in all_schools(connection) if each.id in able]
    word = "".join(call.words()[at : at + 1])
    if not word:
        return mine
    named = [each for each in mine if each.code.casefold() == word.casefold()]
    if not named:
        raise InvalidInput(f"Name one of your schools: {_codes(mine)}.")
    return named


def the_school(connection: Connection, call: Call, action: Action, at: int = 0) -> School:
    """Return the one school that a command is about, like ``named_schools``.

    Raises ``InvalidInput`` where a person with several schools named none, and all that
    ``named_schools`` raises.
    """
    found = named_schools(connection, call, action, at)
    if len(found) > 1:
        before = " ".join([call.command.name, *call.words()[:at]])
        raise InvalidInput(
            f"Which of your schools: {_codes(found)}? For example: "
            f"/lantern {before} {found[0].code}"
        )
    return found[0]


def led_and_words(call: Call) -> tuple[School, list[str]]:
    """Return the school that a lead names, by a button's id or the first typed word, and the
    other words.

    Raises:
        NotAllowed: the person leads no school.
        InvalidInput: they do not lead the named school, or lead several and named none.
    """
    with call.store.database.read() as connection:
        schools = all_schools(connection)
    if "school" in call.interaction.ids:
        wanted = call.id("school")
        code = next((each.code for each in schools if each.id == wanted), "?")
        return led_school(call.store, call.request, code), []
    words = call.words() if call.was_typed else []
    if words and words[0].casefold() in {each.code.casefold() for each in schools}:
        return led_school(call.store, call.request, words[0]), words[1:]
    return led_school(call.store, call.request), words


def _codes(schools: list[School]) -> str:
    return ", ".join(each.code for each in schools)
