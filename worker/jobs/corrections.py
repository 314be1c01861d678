"""Find flags that later data disproved: by what is known now, they were never true (§18).

The days on which a flag was found are measured again where a day that they rest on was made again
since the last screening, by a correction or because its delivery was withdrawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from integrations.activity.lake import SourceDay
from integrations.activity.measured import LOOKBACK
from integrations.activity.relations import AgreedSource
from integrations.bootstrap import Services
from store.policies.versions import PublishedPolicy, published_by_id
from store.queries.contacts import engaged_on
from store.queries.flags.raised_before import FoundBefore, found_before
from store.queries.schools.roster import student_levels
from store.queries.students.exemptions import back_since
from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Finding
from store.rules.flags import flagging

Changed = Collection[SourceDay]


def disproved(
    services: Services,
    school: int,
    day: dt.date,
    found: Iterable[Finding],
    changed: Changed,
    left_out: Collection[int],
) -> frozenset[int]:
    """Return a school's active flags, by id, that no day supports any more by what is known now.

    ``found`` are the findings of ``day``, whose flags hold. ``changed`` are the days that were made
    again. A student about whom such a day says nothing is unknown, so their flags stay.
    """
    if not changed:
        return frozenset()
    holds = {(each.student, each.key) for each in found}
    with services.store.database.read() as connection:
        rows = found_before(connection, school, day)
    doubtful = [
        each
        for each in rows
        if (each.student, each.key) not in holds
        and each.student not in left_out
        and _rests_on(each, changed)
        and not _is_unknown(services, each, changed)
    ]
    by_policy = sorted(doubtful, key=lambda each: each.policy)
    return frozenset(
        flag
        for policy, those in groupby(by_policy, key=lambda each: each.policy)
        for flag in _never_found(services, policy, list(those))
    )


def _rests_on(flag: FoundBefore, changed: Changed) -> list[SourceDay]:
    """List the changed days on which the first finding of a flag rests. Where there are none, it
    was right when it was raised."""
    first = flag.days[0]
    return [
        each
        for each in changed
        if each.source in flag.sources and first - LOOKBACK <= each.day < first
    ]


def _is_unknown(services: Services, flag: FoundBefore, changed: Changed) -> bool:
    """Say whether such a day leaves open what this student did."""
    days = _rests_on(flag, changed)
    notes = services.lake.notes(min(each.day for each in days), max(each.day for each in days))
    return any(
        note.covered and (flag.student in note.students or note.strangers)
        for each in days
        if (note := notes.get(each))
    )


def _never_found(services: Services, policy: int, those: Sequence[FoundBefore]) -> set[int]:
    """Measure the days of these flags again by the version that raised them, oldest day first,
    until each is found once or has no day left."""
    with services.store.database.read() as connection:
        published = published_by_id(connection, policy)
    left = {each.id: each for each in those}
    for day in sorted({day for each in those for day in each.days}):
        asked = [each for each in left.values() if day in each.days]
        if not asked:
            continue
        found = _findings(services, published, day, {each.student for each in asked})
        for each in asked:
            if (each.student, each.key) in found:
                del left[each.id]
    return set(left)


def _findings(
    services: Services, published: PublishedPolicy, day: dt.date, who: Collection[int]
) -> set[tuple[int, str]]:
    """Return (student, key) of every finding of a past day, by what is known now."""
    policy = published.policy
    with services.store.database.read() as connection:
        levels = student_levels(connection, policy.overrides)
        back = back_since(connection, day, LOOKBACK)
        met = engaged_on(connection, day - LOOKBACK, through(day))
    measured = services.engine.evidence(
        day,
        [AgreedSource(policy.school, *each) for each in policy.agreed_sources],
        {policy.school: flagging.criterion(policy, day)},
        also=who,
        back=back,
        met=met,
        clearing={policy.school: flagging.clearing(policy, day)},
    )
    return {
        (finding.student, finding.key)
        for _, everyone in measured
        for each in everyone
        if each.student in who
        for finding in flagging.findings(policy, each, day, levels.get(each.student))
    }
