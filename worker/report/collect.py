"""Collect the published figures of schools, from the queries that the lead and faculty read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from integrations.activity.coverage import school_coverage
from integrations.activity.measured import measured_days
from integrations.bootstrap import Services
from store.actions.schools.publish_standing import publish_standings
from store.db.read_once import Of, shown_together
from store.policies.versions import policy_in_force
from store.queries.notices.figure_lines import SchoolFigures
from store.queries.notices.standing import standing
from store.queries.outreach.letter_statistics import letter_report
from store.queries.schools.feeds import feeds_of_school
from store.queries.schools.report import school_report
from store.queries.schools.staff import School, faculties
from store.rules.calendar import institution_day
from store.rules.flags.coverage import SchoolCoverage
from store.rules.small_numbers import PUBLISHED, ReportPeriod


def collect(
    services: Services, schools: Sequence[School], period: ReportPeriod
) -> list[SchoolFigures]:
    """Return the figures of schools, rounded as all readers but the school's own lead see them.

    Raises ``LakeError`` where the activity lake cannot be read.
    """
    now = services.now()
    today = institution_day(now)
    coverage: Mapping[str, SchoolCoverage] = {}
    if services.lake.newest_days(today):
        coverage = school_coverage(services, today)
    newest = services.lake.newest_days(today)
    counted = publish_standings(services.store, [each.id for each in schools], today)
    measured = measured_days(services.lake, services.records, today)
    found = []
    with services.store.database.read() as connection:
        shown_together(connection, Of.SCHOOL, (school.id for school in schools))
        named = faculties(connection)
        policies = {each.id: policy_in_force(connection, each.id, today) for each in schools}
        agreed = {
            school: [name for _, name in found.policy.agreed_sources] if found else []
            for school, found in policies.items()
        }
        feeds = feeds_of_school(connection, chain(*agreed.values()), newest, {})
        for school in schools:
            published, sources = policies[school.id], set(agreed[school.id])
            days = measured.of_school(school.code)
            found.append(
                SchoolFigures(
                    school.code,
                    school.name,
                    named.get(school.code, ""),
                    school_report(connection, school.id, period, PUBLISHED),
                    standing(connection, school.id, today, *counted[school.id]),
                    letter_report(connection, school.id, period, now, PUBLISHED)
                    if published
                    else None,
                    coverage.get(school.code),
                    tuple(
                        replace(feed, delivered=days.get(feed.source, frozenset()))
                        for feed in feeds
                        if feed.source in sources
                    ),
                    today,
                )
            )
    return found


def days_of(period: ReportPeriod, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a report covers."""
    until = period.until or today + dt.timedelta(days=1)
    return period.since, max(period.since, until - dt.timedelta(days=1))
