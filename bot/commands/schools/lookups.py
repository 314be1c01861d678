"""find, queue, looks, feeds, policy, statement, report: look up information about schools."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.cases.looks import LOOKS_SHOWN, looks_card
from bot.cards.schools.feeds import SchoolFeeds, feeds_card
from bot.cards.schools.lookups import (
    QUEUE_SHOWN,
    find_dialog,
    found_card,
    policy_card,
    queue_card,
    statement_dialog,
)
from bot.cards.schools.report import report_card
from bot.commands.own_schools import named_schools, the_school
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from bot.posting.school_report import counts_of, report_of
from store.actions.disclose import disclose_students
from store.actions.flags.hold_surges import may_answer
from store.actions.students.log_search import search_students
from store.policies.versions import PublishedPolicy, policy_in_force, told_of, why_not_screened
from store.queries.flags.looks import named_looks
from store.queries.flags.queue import held, waiting
from store.queries.flags.queue_cost import queue_costs
from store.queries.privacy.ways_to_see_own_data import ways_for_students
from store.queries.schools.feeds import feeds_of_school as feeds_of
from store.queries.schools.no_case import students_without_case
from store.queries.schools.staff import School, all_schools
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, may, schools_where
from store.rules.calendar import Calendar, institution_day
from store.rules.cases.fitness_to_study import window_first
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.flags.no_case import NoCase
from store.rules.flags.queue_cost import describe_costs
from store.rules.policies.publication import Told
from store.rules.policies.statement import statement as made_of


@COMMANDS.add("find", "Find a student by number or name.", "find 1001", Action.FIND)
def find(call: Call) -> Reply:
    """Search the person's own schools; the access log records it. Without a word, a dialog."""
    words = call.interaction.text if call.answers is None else call.answers.get("words", "")
    if call.answers is None and not words.strip():
        return Reply(dialog=find_dialog())
    return Reply(card=found_card(search_students(call.store, call.request, words)))


@COMMANDS.add("queue", "See students over the daily limit, and held days.", "queue", Action.SEE)
def queue(call: Call) -> Reply:
    """Show the students who wait after the day's strongest cases; none of them is dropped.

    Raises ``NotAllowed`` for people who are not caseworkers of a school.
    """
    schools = schools_where(call.actor, Action.SEE)
    if not schools:
        raise NotAllowed("Only a school's caseworkers can see its queue.")
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        questions = held(connection, schools)
        answers = [
            each.id for each in questions if may_answer(connection, call.actor.id, each, today)
        ]
        others = [
            each.explained
            for school in schools
            for each in students_without_case(connection, today, school)
            if each.explained.why is NoCase.NO_DATA
        ]
        lines = waiting(connection, schools, call.actor.id)
        costs = [
            f"{school.code}: {sentence}" if len(schools) > 1 else sentence
            for school in all_schools(connection)
            if school.id in schools and (both := queue_costs(connection, school.id, today))
            for sentence in describe_costs(*both)
        ]
    shown = [line.student for line in lines[:QUEUE_SHOWN]]
    disclose_students(call.store, call.actor.id, shown, (Shows.EVIDENCE,), Implied.QUEUE)
    return Reply(card=queue_card(lines, questions, answers, others, costs))


@COMMANDS.add("looks", "See who is worth a look, without a flag.", "looks", Action.FIND)
def looks(call: Call) -> Reply:
    """Name the students of the fold, to those who may look up students; the access log has it.

    Raises ``NotAllowed`` for everyone else.
    """
    schools, day = schools_where(call.actor, Action.FIND), institution_day(call.store.now())
    if not schools:
        raise NotAllowed("Only colleagues who look after cases can see who is worth a look.")
    with call.store.database.read() as connection:
        found = named_looks(connection, schools, day)
    asked = call.interaction.ids.get("from", "")
    first = int(asked) if asked.isascii() and asked.isdigit() else 0
    shown = [each.student for each in found[first : first + LOOKS_SHOWN]]
    what = (Shows.IDENTITY, Shows.EVIDENCE)
    disclose_students(call.store, call.actor.id, shown, what, Implied.LOOKS)
    return Reply(card=looks_card(found, day, first))


@COMMANDS.add("feeds", "Check whether your school's data arrives.", "feeds", Action.INFORM)
def feeds(call: Call) -> Reply:
    """Show how recent each agreed source is; a source that has stopped is unknown."""
    today = institution_day(call.store.now())
    lake = call.available()
    newest, measured = lake.newest(today), lake.measured(today)
    with call.store.database.read() as connection:
        found = []
        for school in named_schools(connection, call, Action.INFORM):
            published = policy_in_force(connection, school.id, today)
            if published is None:
                why = why_not_screened(connection, school.id, today)
                found.append(SchoolFeeds(school.name, None, Calendar(), today, why))
                continue
            policy = published.policy
            sources = [source for _, source in policy.agreed_sources]
            days = measured.of_school(school.code)
            known = feeds_of(connection, sources, newest, days, school.id)
            since = window_first(policy, today)
            found.append(SchoolFeeds(school.name, known, policy.calendar, since))
    return Reply(card=feeds_card(found, today))


@COMMANDS.add("policy", "See what your school has decided.", "policy", Action.INFORM)
def policy(call: Call) -> Reply:
    """Show the policy in force of a school, and how its students were told."""
    where = _school(call, Action.INFORM)
    published = where.published
    leads = may(call.actor, Action.LEAD, where.school.id)
    card = policy_card(
        where.school, published.policy, published.version, leads=leads, told=where.told
    )
    return Reply(card=card)


@COMMANDS.add(
    "statement", "See what students read about your school's policy.", "statement", Action.INFORM
)
def statement(call: Call) -> Reply:
    """Show the statement for students, which is made from the policy in force."""
    where = _school(call, Action.INFORM)
    published = where.published
    ways = ways_for_students(call.store, where.school.id, published.policy.retention)
    made = made_of(published.policy, where.school.name, published.version, ways, where.told)
    return Reply(dialog=statement_dialog(made))


@COMMANDS.add("report", "See your schools' cases in numbers.", "report", Action.FIGURES)
def report(call: Call) -> Reply:
    """Show exact numbers to a school's own lead; to others rounded, for whole weeks."""
    with call.store.database.read() as connection:
        named = named_schools(connection, call, Action.FIGURES)
    leads = {each.id: may(call.actor, Action.LEAD, each.id) for each in named}
    # How a school stands is shown where it is shown alone.
    counts = (
        counts_of(call.store, named[0].id, leads=leads[named[0].id]) if len(named) == 1 else None
    )
    with call.store.database.read() as connection:
        made = [
            report_of(connection, each, call.store.now(), leads=leads[each.id], counts=counts)
            for each in named
        ]
    return Reply(card=report_card(made))


@dataclass(frozen=True, slots=True)
class _Where:
    school: School
    published: PublishedPolicy
    told: list[Told]


def _school(call: Call, action: Action) -> _Where:
    """Return the school with this code, or the person's only school, with its policy."""
    with call.store.database.read() as connection:
        school = the_school(connection, call, action)
        published = policy_in_force(connection, school.id, institution_day(call.store.now()))
        if published is None:
            raise InvalidInput(f"{school.name} has no policy in force yet.")
        return _Where(school, published, told_of(connection, school.id, published.version))
