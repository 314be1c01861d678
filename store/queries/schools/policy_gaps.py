"""Published policies that say what a new version may no longer say. They stay in force."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.staff import all_schools
from store.rules.policies.clearing_checks import weak_clearing


def weak_clearing_in_force(connection: sa.Connection, day: dt.date) -> list[str]:
    """A sentence for each school and figure with which one event could clear a flag (§18)."""
    found = []
    for school in all_schools(connection):
        published = policy_in_force(connection, school.id, day)
        if published is None:
            continue
        found += [
            f"{school.code}, policy version {published.version}: {problem}. "
            "Publish a new version with another figure."
            for problem in weak_clearing(published.policy)
        ]
    return found
