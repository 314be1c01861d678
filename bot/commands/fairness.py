"""fairness, objection: compare groups of students, and leave out those who object."""

from __future__ import annotations

import datetime as dt

from bot.cards.fairness import fairness_card
from bot.cards.kit.reply_cards import notice
from bot.commands.own_schools import the_school
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.fairness.object import ENDED, RECORDED, end_objection, object_to_groups
from store.actions.fairness.publish_report import publish_report, record_look
from store.queries.schools.review_calendar import review_calendar
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.fairness.years import AcademicYear, newest_year
from store.rules.policies.review_calendar import ReviewSubject


@COMMANDS.add(
    "fairness",
    "As lead or data protection officer: compare how groups of students are treated.",
    "fairness LANG",
    Action.FAIRNESS,
)
def fairness(call: Call) -> Reply:
    """Show the newest year's report; ``LANG 2025`` shows the year that began in 2025."""
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        school = the_school(connection, call, Action.FAIRNESS)
        lines = review_calendar(connection, school.id, today)
    year = _year(call, today)
    record_look(call.store, call.request, school.id, year)
    report = publish_report(call.store, school, year)
    last = next((line.last for line in lines if line.subject is ReviewSubject.FAIRNESS), None)
    leads = may(call.actor, Action.LEAD, school.id)
    return Reply(card=fairness_card(report, last, school=school.id, leads=leads))


@COMMANDS.add(
    "objection",
    "As data protection officer: leave a student's groups out of fairness reports.",
    "objection 1001",
    Action.OBJECTION,
)
def objection(call: Call) -> Reply:
    """Record that a student objects: ``1001``; end it: ``1001 end``.

    Raises ``InvalidInput`` where no student is named.
    """
    words = call.words()
    if not words:
        raise InvalidInput(f"Which student? For example: {call.command.example}")
    if [word.casefold() for word in words[1:]] == ["end"]:
        end_objection(call.store, call.request, words[0])
        return Reply(card=notice(ENDED))
    object_to_groups(call.store, call.request, words[0])
    return Reply(card=notice(RECORDED, "To end it, use the same command and the word end."))


def _year(call: Call, today: dt.date) -> AcademicYear:
    typed = call.words()[1:2]
    if not typed:
        return newest_year(today)
    began = typed[0]
    if not (began.isascii() and began.isdecimal() and len(began) == 4 and began > "1999"):
        raise InvalidInput(f"Which year? For example: {call.command.example} {today.year - 1}")
    return AcademicYear(newest_year(today).first.replace(year=int(began)))
