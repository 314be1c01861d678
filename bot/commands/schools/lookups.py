"""find, queue, feeds, policy, statement, report: looking things up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from bot.cards.schools.feeds import feeds_card
from bot.cards.schools.lookups import (
    find_dialog,
    found_card,
    policy_card,
    queue_card,
    statement_dialog,
)
from bot.cards.schools.report import report_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.flags.hold_surges import may_answer
from store.actions.students.log_search import look_up
from store.policies.versions import PublishedPolicy, policy_in_force
from store.queries.flags.queue import held, waiting
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.feeds import feeds as feeds_of
from store.queries.schools.report import report as report_of
from store.queries.schools.staff import School, all_schools
from store.rules.access.permissions import Action, may, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.policies.statement import statement as made_of

REPORTED = dt.timedelta(days=90)


@COMMANDS.add("find", "Look up a student by number or name.", "find 1001", Action.FIND)
def find(call: Call) -> Reply:
    """Of the person's own schools; that somebody looked is recorded. Without a word, a form."""
    words = call.interaction.text if call.answers is None else call.answers.get("words", "")
    if call.answers is None and not words.strip():
        return Reply(dialog=find_dialog())
    return Reply(card=found_card(look_up(call.store, call.request, words)))


@COMMANDS.add("queue", "Who waits for room, and days that are held.", "queue", Action.SEE)
def queue(call: Call) -> Reply:
    """Nobody is dropped: whoever comes after the day's strongest cases waits here."""
    schools = schools_where(call.actor, Action.SEE)
    if not schools:
        raise NotAllowed("The queue is for those who look after cases of a school.")
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        questions = held(connection, schools)
        answers = [
            each.id for each in questions if may_answer(connection, call.actor.id, each, today)
        ]
        return Reply(card=queue_card(waiting(connection, schools), questions, answers))


@COMMANDS.add("feeds", "Whether the data of your school arrives.", "feeds", Action.INFORM)
def feeds(call: Call) -> Reply:
    """Each agreed source, by how fresh its data is; what has stopped is unknown, not silent."""
    where = _school(call, Action.INFORM)
    policy = where.published.policy
    today = policy.calendar.local(call.store.now()).date()
    newest = call.available().newest(today)
    with call.store.database.read() as connection:
        found = feeds_of(connection, (source for _, source in policy.agreed_sources), newest)
    return Reply(card=feeds_card(where.school.name, found, policy.calendar, today))


@COMMANDS.add("policy", "What your school has decided.", "policy", Action.INFORM)
def policy(call: Call) -> Reply:
    """The version in force."""
    where = _school(call, Action.INFORM)
    published = where.published
    leads = may(call.actor, Action.LEAD, where.school.id)
    return Reply(card=policy_card(where.school, published.policy, published.version, leads=leads))


@COMMANDS.add(
    "statement", "What students read about your school's policy.", "statement", Action.INFORM
)
def statement(call: Call) -> Reply:
    """Made from the policy in force, so that what they are told is what is done."""
    where = _school(call, Action.INFORM)
    made = made_of(where.published.policy, where.school.name, where.published.version)
    return Reply(dialog=statement_dialog(made))


@COMMANDS.add("report", "What became of your school's cases, in numbers.", "report", Action.FIGURES)
def report(call: Call) -> Reply:
    """Exact for the school's lead; a faculty lead sees no small numbers."""
    where = _school(call, Action.FIGURES)
    since = institution_day(call.store.now()) - REPORTED
    with call.store.database.read() as connection:
        made = report_of(connection, where.school.id, since)
        letters = letter_report(connection, where.school.id, since, call.store.now())
    exact = may(call.actor, Action.LEAD, where.school.id)
    return Reply(card=report_card(made, exact, letters))


@dataclass(frozen=True, slots=True)
class _Where:
    school: School
    published: PublishedPolicy


def _school(call: Call, action: Action) -> _Where:
    """The school that is named by its code, or the person's first."""
    able = schools_where(call.actor, action)
    if not able:
        raise NotAllowed("That is for the engagement lead, or the faculty's. Please ask them.")
    words = call.words()
    with call.store.database.read() as connection:
        mine = [each for each in all_schools(connection) if each.id in able]
        named = [each for each in mine if words and each.code == words[0].upper()]
        if words and not named:
            codes = ", ".join(each.code for each in mine)
            raise InvalidInput(f"Please name one of your schools: {codes}.")
        return _in_force(connection, (named or mine)[0], call)


def _in_force(connection: sa.Connection, school: School, call: Call) -> _Where:
    published = policy_in_force(connection, school.id, institution_day(call.store.now()))
    if published is None:
        raise InvalidInput(f"{school.name} has no policy in force yet.")
    return _Where(school, published)
