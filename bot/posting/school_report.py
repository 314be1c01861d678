"""Read a school's report, for the person who asks for it or for the school's channel."""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.model import Card
from bot.cards.schools.report import SchoolReport, report_card
from store.actions.schools.publish_standing import publish_standing
from store.db.database import Connection
from store.db.unit_of_work import Store
from store.policies.versions import policy_in_force
from store.queries.flags.room_comparison import room_comparison
from store.queries.notices.standing import StandingCounts, count_standing, standing
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.report import school_report
from store.queries.schools.staff import School, all_schools
from store.rules.calendar import institution_day
from store.rules.flags.room_comparison import describe_room_where_any_waited
from store.rules.small_numbers import EXACT, PUBLISHED, ReportPeriod, whole_weeks

REPORTED = dt.timedelta(days=90)


Counts = tuple[StandingCounts, dt.date | None]
"""How a school stands, and the day of these counts; None: today."""


def counts_of(store: Store, school: int, *, leads: bool) -> Counts:
    """Return how a school stands: today and exactly for its own lead, else as of this week."""
    today = institution_day(store.now())
    if not leads:
        return publish_standing(store, school, today)
    with store.database.read() as connection:
        return count_standing(connection, school, today, EXACT), None


def report_of(
    connection: Connection,
    school: School,
    now: dt.datetime,
    *,
    leads: bool,
    counts: Counts | None = None,
) -> SchoolReport:
    """Return a school's report of 90 days: exact for its own lead, else rounded, in whole weeks.

    With ``counts`` it also shows how the school stands.
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
        standing(connection, school.id, today, *counts) if counts else None,
        describe_room_where_any_waited(
            room_comparison(connection, school.id, period, today, figures)
        ),
    )


def channel_report(store: Store, school: int) -> Card:
    """Return a school's report for its channel, which not only its leads read."""
    counts = counts_of(store, school, leads=False)
    with store.database.read() as connection:
        (found,) = (each for each in all_schools(connection) if each.id == school)
        return report_card([report_of(connection, found, store.now(), leads=False, counts=counts)])
