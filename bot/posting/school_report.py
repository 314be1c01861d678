"""Read a school's report, for the person who asks for it or for the school's channel."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.model import Card
from bot.cards.schools.report import SchoolReport, report_card
from store.db.database import Connection
from store.policies.versions import policy_in_force
from store.queries.notices.standing import standing
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.report import school_report
from store.queries.schools.staff import School, all_schools
from store.rules.calendar import institution_day
from store.rules.small_numbers import EXACT, PUBLISHED, ReportPeriod, whole_weeks

REPORTED = dt.timedelta(days=90)


def report_of(
    connection: Connection, school: School, now: dt.datetime, *, leads: bool, alone: bool
) -> SchoolReport:
    """Return a school's report of 90 days: exact for its own lead, else rounded, in whole weeks.

    ``alone``: no other school is shown with it, so that how it stands today is shown too.
    """
    today = institution_day(now)
    since = today - REPORTED
    figures, period = EXACT, ReportPeriod(since)
    if not leads:
        figures, period = PUBLISHED, whole_weeks(since, today)
    has_policy = policy_in_force(connection, school.id, today) is not None
    return SchoolReport(
        school.code,
        school_report(connection, school.id, period, figures),
        letter_report(connection, school.id, period, now, figures) if has_policy else None,
        standing(connection, school.id, today, figures) if alone else None,
    )


def channel_report(connection: Connection, school: int, now: dt.datetime) -> Card:
    """Return a school's report for its channel, which not only its leads read."""
    (found,) = (each for each in all_schools(connection) if each.id == school)
    return report_card([report_of(connection, found, now, leads=False, alone=True)])
