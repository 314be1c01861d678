"""digest: the morning again, for one person, now; and whether theirs comes by itself."""

from __future__ import annotations

from bot.cards.cases.lists import digest_card
from bot.cards.kit.reply_cards import notice
from bot.cards.notices.digests import personal_digest, week_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.schools.set_digest import switch_digest
from store.policies.versions import school_policy
from store.queries.cases.lists import digest as digest_of
from store.queries.cases.lists import open_cases
from store.queries.cases.waiting import waiting_in
from store.queries.schools.own_account import wants_digest
from store.queries.schools.week import week
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotAllowed


@COMMANDS.add(
    "digest",
    "This morning's digest, yours (mine, off, on), or your school's week.",
    "digest mine",
    Action.SEE,
)
def digest(call: Call) -> Reply:
    """``digest``, ``digest mine``, ``digest week``, ``digest off`` or ``digest on``."""
    words = call.words()
    wanted = call.interaction.ids.get("turn") or (words[0].casefold() if words else "")
    if wanted not in ("", "mine", "week", "off", "on"):
        raise InvalidInput(
            "There is a digest of the school, digest mine and digest week; digest off and digest "
            "on are for your own in the morning."
        )
    if wanted in ("off", "on"):
        return _switch(call, on=wanted == "on")
    if wanted == "mine":
        return _mine(call)
    today = institution_day(call.store.now())
    school = _school(call, Action.LEAD if wanted == "week" else Action.SEE)
    with call.store.database.read() as connection:
        if wanted == "week":
            return Reply(card=week_card(week(connection, school, today)))
        return Reply(card=digest_card(digest_of(connection, school, today)))


def _switch(call: Call, *, on: bool) -> Reply:
    switch_digest(call.store, call.request, on=on)
    if on:
        return Reply(card=notice("Your own digest comes each morning.", "Off: /lantern digest off"))
    return Reply(
        card=notice(
            "Your own morning digest is off.",
            "Reminders of cases that wait for you still come. On again: /lantern digest on",
        )
    )


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
        is_on = wants_digest(connection, call.actor.id)
    return Reply(card=personal_digest(lines, waiting, is_on=is_on))


def _school(call: Call, action: Action) -> int:
    """The first school in which the person may: a channel's own digest stands in the channel."""
    schools = schools_where(call.actor, action)
    if not schools:
        needed = "its engagement lead" if action is Action.LEAD else "a colleague of the school"
        raise NotAllowed(f"To read that digest you need to be {needed}.")
    return schools[0]
