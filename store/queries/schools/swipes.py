"""Which sources are card swipes, library and building access, and how long they are kept."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.staff import all_schools


def swipe_sources(connection: sa.Connection, day: dt.date) -> dict[str, int]:
    """Source → days to keep, of what any school's policy names on this day; where two name the
    same source, the fewer days."""
    found: dict[str, int] = {}
    for school in all_schools(connection):
        published = policy_in_force(connection, school.id, day)
        if published is None:
            continue
        rules = published.policy.traces
        for source in rules.swipes:
            found[source] = min(rules.keep_days, found.get(source, rules.keep_days))
    return found
