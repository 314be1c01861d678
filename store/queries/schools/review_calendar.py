"""Read a school's review calendar: due dates, last reviews and findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from store.db.read_once import Of, read_each, read_once
from store.db.school_rows import school_rows
from store.policies.versions import policy_in_force
from store.rules.calendar import institution_day
from store.rules.policies.review_calendar import Reviewed, ReviewLine, ReviewSubject, months_later
from store.tables import policy_reviews, staff


@read_once
def review_calendar(connection: sa.Connection, school: int, today: dt.date) -> Sequence[ReviewLine]:
    """Return each subject once, first due first; nothing for a school without a policy.

    The time of a subject without a review counts from the day the school's first policy took
    effect.
    """
    published = policy_in_force(connection, school, today)
    if published is None:
        return []
    began = min(row.effective for row in school_rows(connection, school).versions)
    rules, last = published.policy.reviews, _newest(connection, school)
    lines = [
        ReviewLine(
            subject,
            months_later(last[subject].on if subject in last else began, rules.months(subject)),
            last.get(subject),
        )
        for subject in ReviewSubject
    ]
    return sorted(lines, key=lambda line: line.due)


@read_each(Of.SCHOOL)
def _newest(
    connection: sa.Connection, these: Collection[int]
) -> Mapping[int, dict[ReviewSubject, Reviewed]]:
    rows = connection.execute(
        sa.select(policy_reviews, staff.c.name)
        .join(staff, staff.c.id == policy_reviews.c.by_staff_id)
        .where(policy_reviews.c.school_id.in_(these))
        .order_by(policy_reviews.c.id)
    )
    found: dict[int, dict[ReviewSubject, Reviewed]] = {school: {} for school in these}
    for row in rows:
        held = Reviewed(institution_day(row.at), row.name, row.found)
        found[row.school_id][ReviewSubject(row.subject)] = held
    return found
