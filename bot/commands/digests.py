"""digest: the morning again, for one person, now."""

from __future__ import annotations

from bot.cards.list_cards import digest_card
from bot.cards.personal_cards import personal_digest, week_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.policies import school_policy
from store.queries.lists import digest as digest_of
from store.queries.lists import open_cases
from store.queries.waiting import waiting_in
from store.queries.week import week
from store.rules.access import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotAllowed


@COMMANDS.add(
    "digest", "This morning's digest; or yours, or your school's week.", "digest mine", Action.SEE
)
def digest(call: Call) -> Reply:
    """``digest``, ``digest mine`` or ``digest week``."""
    words = call.words()
    wanted = words[0].casefold() if words else ""
    if wanted not in ("", "mine", "week"):
        raise InvalidInput("There is a digest of the school, and digest mine and digest week.")
    if wanted == "mine":
        return _mine(call)
    today = institution_day(call.store.now())
    school = _school(call, Action.LEAD if wanted == "week" else Action.SEE)
    with call.store.database.read() as connection:
        if wanted == "week":
            return Reply(card=week_card(week(connection, school, today)))
        return Reply(card=digest_card(digest_of(connection, school, today)))


def _mine(call: Call) -> Reply:
    today = institution_day(call.store.now())
    schools = schools_where(call.actor, Action.SEE)
    with call.store.database.read() as connection:
        lines = open_cases(connection, schools, owner=call.actor.id)
        waiting = {
            each.case: each.what
            for school in sorted({line.school for line in lines})
            for each in waiting_in(
                connection, school, school_policy(connection, school, today).calendar, today
            )
            if call.actor.id in each.people
        }
    return Reply(card=personal_digest(lines, waiting))


def _school(call: Call, action: Action) -> int:
    """The first school in which the person may: a channel's own digest stands in the channel."""
    schools = schools_where(call.actor, action)
    if not schools:
        needed = "its engagement lead" if action is Action.LEAD else "a colleague of the school"
        raise NotAllowed(f"To read that digest you need to be {needed}.")
    return schools[0]
