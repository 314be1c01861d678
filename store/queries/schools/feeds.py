"""Read the health of a school's feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.roster import module_schools
from store.queries.schools.staff import all_schools
from store.rules.calendar import Calendar
from store.tables import ingests


@dataclass(frozen=True, slots=True)
class Feed:
    """A source: the ``newest`` day with data, and its newest file; None where nothing came."""

    source: str
    newest: dt.date | None
    at: dt.datetime | None
    accepted: int
    rejected: int
    trouble: str
    delivered: frozenset[dt.date] = frozenset()
    """The days that have arrived, of those that a screening reads."""


def feeds(
    connection: sa.Connection,
    sources: Iterable[str],
    newest: Mapping[str, dt.date],
    delivered: Mapping[str, frozenset[dt.date]],
) -> list[Feed]:
    """Return each source once. ``newest`` is the lake's last day, ``delivered`` its days."""
    found = []
    for source in sorted(set(sources)):
        row = connection.execute(
            sa.select(ingests).where(ingests.c.source == source).order_by(ingests.c.id.desc())
        ).first()
        days = delivered.get(source, frozenset())
        found.append(
            Feed(source, newest.get(source), row.at, row.accepted, row.rejected, row.trouble, days)
            if row
            else Feed(source, newest.get(source), None, 0, 0, "", days)
        )
    return found


def swipe_sources(connection: sa.Connection, day: dt.date) -> dict[str, int]:
    """Map each source to the days to keep it, by the policies on this day; the fewest days win."""
    found: dict[str, int] = {}
    for school in all_schools(connection):
        published = policy_in_force(connection, school.id, day)
        if published is None:
            continue
        rules = published.policy.traces
        for source in rules.swipes:
            found[source] = min(rules.keep_days, found.get(source, rules.keep_days))
    return found


def module_zones(connection: sa.Connection, day: dt.date) -> dict[str, str]:
    """Map each module's code to the time zone of its school's policy on this day."""
    zones = {}
    for school in all_schools(connection):
        published = policy_in_force(connection, school.id, day)
        calendar = published.policy.calendar if published else Calendar()
        zones[school.code] = calendar.timezone
    return {code: zones[school] for code, school in module_schools(connection).items()}
