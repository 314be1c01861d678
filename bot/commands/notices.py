"""digest: show a digest now, or switch one's own morning digest on or off."""

from __future__ import annotations

from bot.cards.cases.lists import digest_card
from bot.cards.kit.reply_cards import notice
from bot.cards.notices.digests import personal_digest, week_card
from bot.commands.own_schools import the_school
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from bot.posting.turns import turns_of
from store.actions.schools.set_digest import set_digest
from store.db.read_once import Of, shown_together
from store.policies.versions import school_policy
from store.queries.cases.lists import open_cases
from store.queries.cases.school_digest import school_digest as digest_of
from store.queries.cases.waiting import waiting_in
from store.queries.notices.week import week
from store.queries.readiness.on_case import lacking_approval
from store.queries.schools.own_account import wants_digest
from store.queries.schools.staff import all_schools
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput

_WORDS = frozenset(("mine", "week", "off", "on"))


@COMMANDS.add(
    "digest",
    "See a digest: your own (mine), your school's, or its week. Turn yours on or off.",
    "digest mine",
    Action.SEE,
)
def digest(call: Call) -> Reply:
    """Show one or switch it: ``digest``, ``digest LANG``, ``digest mine``, ``digest off``.

    Raises ``InvalidInput`` where the line names nothing that can be shown or switched.
    """
    words = call.words()
    wanted = call.interaction.ids.get("turn") or (words[0].casefold() if words else "")
    at = 1 if wanted in _WORDS else 0
    if wanted and not at and not _is_code(call, wanted):
        raise InvalidInput(
            "Type digest, digest mine or digest week to see one. Type digest off or digest on for "
            "your own morning digest."
        )
    if wanted in ("off", "on"):
        return _switch(call, on=wanted == "on")
    if wanted == "mine":
        return _mine(call)
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        if wanted == "week":
            school = the_school(connection, call, Action.LEAD, at)
            return Reply(card=week_card(week(connection, school.id, today)))
        school = the_school(connection, call, Action.SEE, at)
        view = digest_of(connection, school.id, today, reader=call.actor.id)
        drafted = [line.id for line in view.waiting_for_approval]
        now, limits = call.store.now(), call.store.limits
        lacking = lacking_approval(connection, drafted, now, limits, call.actor)
        return Reply(card=digest_card(view, lacking, call.actor))


def _switch(call: Call, *, on: bool) -> Reply:
    set_digest(call.store, call.request, on=on)
    if on:
        return Reply(card=notice("Your own digest comes each morning.", "Off: /lantern digest off"))
    return Reply(
        card=notice(
            "Your own morning digest is off.",
            "You still get reminders of cases that need action. On again: /lantern digest on",
        )
    )


def _mine(call: Call) -> Reply:
    today = institution_day(call.store.now())
    schools = schools_where(call.actor, Action.SEE)
    with call.store.database.read() as connection:
        lines = open_cases(
            connection, schools, owner=call.actor.id, reader=call.actor.id, today=today
        )
        shown_together(connection, Of.CASE, (line.id for line in lines))
        waiting = {
            each.case: each.what
            for school in sorted({line.school for line in lines})
            for each in waiting_in(
                connection, school, school_policy(connection, school, today).calendar, today
            )
            if call.actor.id in each.people
        }
        turns = turns_of(
            connection, lines, waiting, call.store.now(), call.store.limits, call.actor
        )
        is_on = wants_digest(connection, call.actor.id)
    return Reply(card=personal_digest(lines, turns.needs, others=turns.others, is_on=is_on))


def _is_code(call: Call, word: str) -> bool:
    with call.store.database.read() as connection:
        return any(each.code.casefold() == word for each in all_schools(connection))
