"""Find the problems with a school's feeds: refused, waiting or not loaded."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from integrations.bootstrap import Services
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from store.policies.versions import policy_in_force
from store.queries.schools import feeds as queries
from store.queries.schools.staff import School, all_schools
from store.queries.students.identifiers import unsettled_by_school
from store.rules.calendar import institution_day
from store.rules.model import MarkerFamily
from store.rules.notices import feed_news
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import counted
from worker.jobs.schools.feeds_folder import (
    NOT_LOOKED_AT,
    FoundFile,
    found_in,
    not_looked_at,
    with_manifest,
)

LOOKED_BACK = dt.timedelta(days=14)
"""Older thin days and refused rows are no longer reported."""
MANY_REFUSED, LEAST_REFUSED = 0.02, 5
"""A delivery is reported where its share of refused rows exceeds the source's usual share by the
first, and their number is at least the second."""
MOST_FILES = 3
"""At most this many files of a source are reported one by one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem to tell a school's leads. ``key`` is its id among all problems with feeds."""

    key: str
    school: int
    reason: str


@dataclass(frozen=True, slots=True)
class AgreedFeeds:
    """A school with a policy in force, and the marker families for which it uses each source."""

    school: School
    policy: SchoolPolicy
    families: Mapping[str, frozenset[MarkerFamily]]

    def takes(self, source: str) -> bool:
        """Return whether the school uses a source."""
        return source in self.families or source in self.policy.traces.swipes


def schools_with_feeds(services: Services, day: dt.date) -> list[AgreedFeeds]:
    """List the schools with a policy in force on this day."""
    with services.store.database.read() as connection:
        found = [
            (each, policy_in_force(connection, each.id, day)) for each in all_schools(connection)
        ]
    return [
        AgreedFeeds(school, published.policy, _families(published.policy))
        for school, published in found
        if published
    ]


def source_of_no_policy(services: Services, source: str) -> str:
    """Say that no school uses a source, as where its name is mistyped; '' where one does.

    Without any policy in force nothing can be said.
    """
    schools = schools_with_feeds(services, institution_day(services.now()))
    if not schools or any(each.takes(source) for each in schools):
        return ""
    known = sorted({name for each in schools for name in each.families})
    return (
        f"No school's policy in force has the source {source}, so nothing of it counts yet. The "
        f"sources are {', '.join(known) or 'none'}."
    )


def of_deliveries(
    services: Services, schools: Sequence[AgreedFeeds], day: dt.date
) -> Iterator[Problem]:
    """Find what is wrong with single deliveries and files, and with students' numbers."""
    entries = Ledger(services.lake).entries()
    yield from _refused(services, schools, entries, day)
    yield from _waiting(schools, entries)
    yield from _not_loaded(services, schools, {entry.why for entry in entries if entry.why})
    yield from _unsettled(services, schools)


def _families(policy: SchoolPolicy) -> Mapping[str, frozenset[MarkerFamily]]:
    found: dict[str, set[MarkerFamily]] = defaultdict(set)
    for family, source in policy.agreed_sources:
        found[source].add(family)
    return {source: frozenset(families) for source, families in found.items()}


def _refused(
    services: Services, schools: Sequence[AgreedFeeds], entries: list[Entry], day: dt.date
) -> Iterator[Problem]:
    """Find deliveries with many more refused rows than is usual for their source."""
    shares: dict[str, list[float]] = defaultdict(list)
    for entry in entries:
        rows = entry.accepted + entry.rejected
        share, before = entry.rejected / max(rows, 1), shares[entry.source]
        usual = median(before[-8:]) if before else 0.0
        before.append(share)
        if (
            entry.state is not State.IN_USE
            or not entry.accepted  # reported as a file of which nothing was loaded
            or institution_day(entry.arrived) < day - LOOKED_BACK
            or entry.rejected < LEAST_REFUSED
            or share <= usual + MANY_REFUSED
        ):
            continue
        with services.store.database.read() as connection:
            why = queries.refusal_reasons(connection, entry.source, entry.file)
        reason = feed_news.said_refused(entry.source, entry.file, entry.rejected, rows, why)
        yield from _to_all(schools, entry.source, f"refused:{entry.number}", reason)


def _waiting(schools: Sequence[AgreedFeeds], entries: list[Entry]) -> Iterator[Problem]:
    for entry in entries:
        if entry.state is State.WAITING:
            yield from _to_all(schools, entry.source, f"waiting:{entry.number}", entry.why)


def _not_loaded(
    services: Services, schools: Sequence[AgreedFeeds], waiting: set[str]
) -> Iterator[Problem]:
    """Find files of which nothing was loaded. One in the folder of feeds counts as long as it is
    there."""
    folder = services.settings.home / "feeds"
    there = {(each.source, each.path.name): each for each in found_in(folder)}
    with services.store.database.read() as connection:
        failed = queries.failed_files(connection, services.now() - LOOKED_BACK)
    why = {
        (each.source, each.file): each.trouble
        for each in failed
        if each.trouble not in waiting and _still_fails(each, there)
    }
    why |= {key: not_looked_at(each).sentence for key, each in there.items() if each.why_not}
    by_source: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (source, file), reason in sorted(why.items()):
        by_source[source].append((file, reason))
    for source, files in by_source.items():
        if len(files) > MOST_FILES:
            many = (
                f"Nothing was loaded of {counted(len(files), 'file')} of {source}. One of them: "
                f"{files[0][1]} To see all, run: lantern feeds list"
            )
            yield from _to_all(schools, source, f"files:{source}", many)
            continue
        for file, reason in files:
            yield from _to_all(schools, source, f"file:{source}/{file}", f"{source}: {reason}")


def _still_fails(failed: queries.FailedFile, there: Mapping[tuple[str, str], FoundFile]) -> bool:
    """Return whether a file still fails: unchanged, where it is in the folder of feeds. A file that
    is not there still fails, unless it had only been ignored in the folder."""
    found = there.get((failed.source, failed.file))
    if found is None:
        return not failed.trouble.startswith(NOT_LOOKED_AT)
    return found.path.is_file() and failed.sha256 in {"", with_manifest(found.path)}


def _unsettled(services: Services, schools: Sequence[AgreedFeeds]) -> Iterator[Problem]:
    with services.store.database.read() as connection:
        unsettled = unsettled_by_school(connection)
    for each in schools:
        if students := unsettled.get(each.school.id):
            reason = feed_news.said_unsettled(students)
            yield Problem(f"numbers:{each.school.id}", each.school.id, reason)


def _to_all(
    schools: Sequence[AgreedFeeds], source: str, key: str, reason: str
) -> Iterator[Problem]:
    """Yield a problem for each school that uses the source; for all schools where none uses it."""
    for each in [each for each in schools if each.takes(source)] or schools:
        yield Problem(f"{key}:{each.school.id}", each.school.id, reason)
