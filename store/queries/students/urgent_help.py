"""Read who helps a student in danger and out of hours, by their school's policy."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.letters.phrases import SAYINGS
from store.policies.versions import policy_in_force
from store.rules.calendar import institution_day
from store.rules.letters.letter import Language
from store.rules.policies.policy import Urgent
from store.tables import students


def urgent_help(
    store: Store, student: int | None = None, language: Language = Language.ENGLISH
) -> str:
    """Return sentences on who helps in danger and out of hours; UK-wide for an unknown student."""
    return SAYINGS[language].urgent_help(_urgent(store, student))


def _urgent(store: Store, student: int | None) -> Urgent:
    if student is None:
        return Urgent()
    with store.database.read() as connection:
        school = connection.execute(
            sa.select(students.c.home_school_id).where(students.c.id == student)
        ).scalar_one_or_none()
        if school is None:
            return Urgent()
        published = policy_in_force(connection, school, institution_day(store.now()))
    return published.policy.urgent if published else Urgent()
