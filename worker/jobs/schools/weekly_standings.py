"""Publish how each school stands, on the first night of each week."""

from __future__ import annotations

import datetime as dt

from integrations.bootstrap import Services
from store.actions.schools.publish_standing import publish_standing
from store.queries.schools.staff import all_schools
from worker.one_by_one import each_school


def publish_standings(services: Services, day: dt.date) -> None:
    """Publish the counts of this week in every school that has none yet."""
    with services.store.database.read() as connection:
        schools = [each.id for each in all_schools(connection)]
    each_school(
        services.store,
        schools,
        "standing",
        lambda school: publish_standing(services.store, school, day),
    )
