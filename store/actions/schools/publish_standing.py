"""Publish how a school stands once a week: made once, and the same until the next Monday.

If it could be made after each case, the moment at which a rounded figure changes would reveal the
exact one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy.dialects import postgresql, sqlite

from store.db.unit_of_work import Store
from store.queries.notices.standing import StandingCounts, count_standing, published_counts
from store.rules.small_numbers import PUBLISHED
from store.tables import weekly_standings


def publish_standing(store: Store, school: int, day: dt.date) -> tuple[StandingCounts, dt.date]:
    """Return the counts of this week, rounded, and the day on which they were made."""
    monday = day - dt.timedelta(days=day.weekday())
    with store.database.read() as connection:
        if found := published_counts(connection, [school], monday):
            return found[school]
        made = count_standing(connection, school, day, PUBLISHED)
    with store.unit_of_work() as work:
        is_sqlite = work.connection.dialect.name == "sqlite"
        insert = (
            sqlite.insert(weekly_standings) if is_sqlite else postgresql.insert(weekly_standings)
        )
        row = insert.values(school_id=school, monday=monday, day=day, counts=made.as_json())
        # Of two that make it at once, the first counts.
        work.connection.execute(row.on_conflict_do_nothing())
        found = published_counts(work.connection, [school], monday)
    return found.get(school, (made, day))


def publish_standings(
    store: Store, schools: Collection[int], day: dt.date
) -> Mapping[int, tuple[StandingCounts, dt.date]]:
    """Map schools to what ``publish_standing`` returns. Those that the night has published are read
    in one statement."""
    with store.database.read() as connection:
        found = published_counts(connection, schools, day - dt.timedelta(days=day.weekday()))
    missing = [each for each in schools if each not in found]
    return found | {each: publish_standing(store, each, day) for each in missing}
