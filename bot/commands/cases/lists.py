"""today, mine: list open cases, of a school or of the person who asks."""

from __future__ import annotations

from bot.cards.cases.lists import mine_card, today_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from bot.posting.turns import turns_of
from store.db.read_once import Of, shown_together
from store.policies.versions import policy_in_force
from store.queries.cases.lists import open_cases
from store.queries.cases.waiting import waiting_in
from store.queries.flags.looks import count_looks
from store.queries.readiness.answer_read import new_answers
from store.queries.schools.cover import covered_by
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import Calendar, institution_day
from store.rules.errors import NotAllowed
from store.rules.notices.reminders import WaitingFor


@COMMANDS.add("today", "See the open cases of your schools.", "today", Action.SEE)
def today(call: Call) -> Reply:
    """List open cases, strongest evidence first."""
    mine, day = _schools_seen(call), institution_day(call.store.now())
    with call.store.database.read() as connection:
        lines = open_cases(connection, mine, reader=call.actor.id, today=day)
        looks = count_looks(connection, mine, day)
    return Reply(card=today_card(day, lines, looks))


@COMMANDS.add("mine", "See the cases that you own.", "mine", Action.SEE)
def mine(call: Call) -> Reply:
    """List the person's own cases, and those that they cover today."""
    schools = _schools_seen(call)
    day = institution_day(call.store.now())
    waiting: dict[int, WaitingFor] = {}
    with call.store.database.read() as connection:
        lines = open_cases(
            connection, schools, owner=call.actor.id, reader=call.actor.id, today=day
        )
        shown_together(connection, Of.CASE, (line.id for line in lines))
        for school in schools:
            absent = covered_by(connection, school, call.actor.id, day)
            published = policy_in_force(connection, school, day)
            calendar = published.policy.calendar if published else Calendar()
            for each in waiting_in(connection, school, calendar, day):
                if {call.actor.id, *absent} & set(each.people):
                    waiting[each.case] = each.what
            for owner in absent:
                lines += open_cases(
                    connection, [school], owner=owner, reader=call.actor.id, today=day
                )
        turns = turns_of(
            connection, lines, waiting, call.store.now(), call.store.limits, call.actor
        )
        readable = set(schools_where(call.actor, Action.REVEAL))
        own = [line.id for line in lines if line.school in readable]
        unread = new_answers(connection, own, call.actor.id)
    return Reply(card=mine_card(lines, turns.needs, unread))


def _schools_seen(call: Call) -> list[int]:
    """List the schools whose cases the person may see.

    Raises ``NotAllowed`` where there are none: an empty list would say that nothing is open.
    """
    seen = schools_where(call.actor, Action.SEE)
    if not seen:
        figures = " Your schools' numbers are in /lantern report."
        may_read = bool(schools_where(call.actor, Action.FIGURES))
        raise NotAllowed("Your role does not show individual cases." + figures * may_read)
    return seen
