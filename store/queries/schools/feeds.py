"""Read the health of a school's feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.roster import module_schools
from store.queries.schools.staff import all_schools
from store.queries.schools.troubles import gaps_of_sources
from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import SOURCES_APART
from store.rules.notices.feed_news import Moved, Rests
from store.tables import CASE_IS_OPEN, FLAG_IS_ACTIVE, cases, flags, ingests, quarantine


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
    """The delivered days, among those that a screening reads."""
    gap: str = ""
    """The data missing in one school; '' where that school's data is complete."""


def feeds_of_school(
    connection: sa.Connection,
    sources: Iterable[str],
    newest: Mapping[str, dt.date],
    delivered: Mapping[str, frozenset[dt.date]],
    school: int | None = None,
) -> list[Feed]:
    """Return the health of each source once. ``newest`` and ``delivered`` are its days in the lake.

    With a ``school``, each feed states what data is missing in that school.
    """
    found = []
    gaps = gaps_of_sources(connection, school) if school is not None else {}
    read = _newest_ingests(connection, sources := sorted(set(sources)))
    for source in sources:
        row = read.get(source)
        days = delivered.get(source, frozenset())
        found.append(
            Feed(
                source,
                newest.get(source),
                row.at,
                row.accepted,
                row.rejected,
                row.trouble,
                days,
                gaps.get(source, ""),
            )
            if row
            else Feed(source, newest.get(source), None, 0, 0, "", days, gaps.get(source, ""))
        )
    return found


def _newest_ingests(connection: sa.Connection, sources: Collection[str]) -> dict[str, Any]:
    """Map each source that was ever read to the row of its newest ingest."""
    newest = (
        sa.select(sa.func.max(ingests.c.id))
        .where(ingests.c.source.in_(sources))
        .group_by(ingests.c.source)
    )
    rows = connection.execute(sa.select(ingests).where(ingests.c.id.in_(newest)))
    return {row.source: row for row in rows}


def swipe_sources(connection: sa.Connection, day: dt.date) -> dict[str, int]:
    """Map each source of card swipes to the days it is kept: the fewest in any policy in force."""
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


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file whose newest load failed: ``trouble`` says why and what to do."""

    source: str
    file: str
    sha256: str
    trouble: str


def failed_files(connection: sa.Connection, since: dt.datetime) -> list[FailedFile]:
    """Return files whose newest load failed since then, unless the source loaded one later."""
    last = sa.func.max(ingests.c.id)
    newest = sa.select(last).group_by(ingests.c.source, ingests.c.file)
    successes = sa.select(ingests.c.source, last).where(ingests.c.accepted > 0)
    query = successes.group_by(ingests.c.source)
    loaded: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    rows = connection.execute(
        sa.select(ingests)
        .where(ingests.c.id.in_(newest), ingests.c.trouble != "", ingests.c.at >= since)
        .order_by(ingests.c.id)
    )
    return [
        FailedFile(row.source, row.file, row.sha256, row.trouble)
        for row in rows
        if row.id > loaded.get(row.source, 0)
    ]


def last_trouble(connection: sa.Connection, source: str, file: str) -> str:
    """Return why the newest load of a file failed; '' where it succeeded or there was none."""
    query = (
        sa.select(ingests.c.trouble)
        .where(ingests.c.source == source, ingests.c.file == file)
        .order_by(ingests.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or ""


def refusal_reasons(connection: sa.Connection, source: str, file: str) -> tuple[str, ...]:
    """Return why rows of the newest load of a file were refused, the most frequent reason first."""
    newest = sa.select(sa.func.max(ingests.c.id)).where(
        ingests.c.source == source, ingests.c.file == file
    )
    query = (
        sa.select(quarantine.c.reason)
        .where(quarantine.c.ingest_id == newest.scalar_subquery())
        .group_by(quarantine.c.reason)
        .order_by(sa.func.count().desc(), quarantine.c.reason)
    )
    return tuple(connection.execute(query).scalars())


def refused_rows(connection: sa.Connection, source: str) -> list[tuple[str, int, str]]:
    """Return the file, line and reason of each row that the newest load of a source left out."""
    newest = sa.select(sa.func.max(ingests.c.id)).where(ingests.c.source == source)
    query = (
        sa.select(quarantine.c.file, quarantine.c.line, quarantine.c.reason)
        .where(quarantine.c.ingest_id == newest.scalar_subquery())
        .order_by(quarantine.c.file, quarantine.c.line)
    )
    return [(row.file, row.line, row.reason) for row in connection.execute(query)]


def count_dependent_cases(connection: sa.Connection, school: int, source: str) -> Rests:
    """Count the school's open cases with an active flag from a source, and the others."""
    rows = connection.execute(
        sa.select(cases.c.id, flags.c.source)
        .join(flags, flags.c.case_id == cases.c.id)
        .where(cases.c.school_id == school, CASE_IS_OPEN, FLAG_IS_ACTIVE)
    ).all()
    on_it = {case for case, of_flag in rows if source in of_flag.split(SOURCES_APART)}
    return Rests(len(on_it), len({case for case, _ in rows} - on_it))


def moved_by(connection: sa.Connection, school: int, source: str, day: dt.date) -> Moved:
    """Count the flags of a source that the screening of a day ended, and those it raised."""
    rows = connection.execute(
        sa.select(flags.c.source, flags.c.ended_on).where(
            flags.c.school_id == school, sa.or_(flags.c.ended_on == day, flags.c.raised_on == day)
        )
    ).all()
    of_source = [ended for of_flag, ended in rows if source in of_flag.split(SOURCES_APART)]
    ended = sum(each == day for each in of_source)
    return Moved(ended, len(of_source) - ended)
