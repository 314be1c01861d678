"""Find how students can see the data held about them in this installation."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.queries.privacy.retention import months_of_activity, retention_approval, schedules
from store.rules.calendar import institution_day
from store.rules.model import Platform
from store.rules.policies.retention import Retention
from store.rules.policies.statement_sections import Ways
from store.rules.students.sign_in import PATH
from store.tables import channels
from store.tables.group_tables import student_groups


def ways_for_students(store: Store, school: int, periods: Retention) -> Ways:
    """Return the ways: their own page where students can reach this server, Teams where it is used.

    Also states whether groups of students are compared at all, and whether the school's data is
    deleted after ``periods``.
    """
    with store.database.read() as connection:
        in_teams = connection.execute(
            sa.select(channels.c.id).where(channels.c.platform == Platform.TEAMS).limit(1)
        ).first()
        compares = connection.execute(sa.select(student_groups.c.student_id).limit(1)).first()
        approved = retention_approval(connection, school, periods)
        known = schedules(connection, institution_day(store.now()))
    whole = [
        replace(each, retention=periods, approved=approved) if each.school.id == school else each
        for each in known
    ]
    return Ways(
        own_page=bool(store.links.address),
        sign_in=f"{store.links.address}{PATH}" if store.students_sign_in else "",
        teams=in_teams is not None,
        deletes=approved is not None,
        compares_groups=compares is not None,
        activity_months=months_of_activity(whole),
    )
