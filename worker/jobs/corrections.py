"""Find flags that later data disproved: with the data known now, they were never true (§18).

A flag is judged again where a day that it rests on was rebuilt since the last screening, by a
correction or because its delivery was withdrawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from integrations.activity.lake_folders import SourceDay
from integrations.activity.measured import LOOKBACK
from integrations.activity.relations import agreed_sources
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


def judged_again(
    services: Services,
    published: PublishedPolicy,
    day: dt.date,
    found: Iterable[Finding],
    changed: Changed,
    left_out: Collection[int],
) -> dict[int, Finding | None]:
    """Map active flags of a school, by id, to the newest finding that still supports each.

    None: no day supports the flag any more. ``found`` are the findings of ``day``, whose flags
    hold. ``changed`` are the rebuilt days. Where such a day has no data on a student, it is unknown
    for them and their flags stay.
    """
    if not changed:
        return {}
    holds = {(each.student, each.key) for each in found}
    with services.store.database.read() as connection:
        rows = found_before(connection, published.school, day)
    agreed = frozenset(source for _, source in published.policy.agreed_sources)
    doubtful = [
        each
        for each in rows
        if (each.student, each.key) not in holds
        and each.student not in left_out
        and (days := _rests_on(each, changed, agreed))
        and not is_unknown(services, each.student, days)
    ]
    by_policy = sorted(doubtful, key=lambda each: each.policy)
    return {
        flag: finding
        for policy, those in groupby(by_policy, key=lambda each: each.policy)
        for flag, finding in _of_version(services, policy, list(those)).items()
        # A finding by an earlier version of the policy stands; it is not replaced (§21).
        if finding is None or policy == published.id
    }


def _rests_on(flag: FoundBefore, changed: Changed, agreed: frozenset[str]) -> list[SourceDay]:
    """List the changed days on which the first finding of a flag rests. Where there are none, it
    was right when it was raised. One over all modules rests on every ``agreed`` source, also on
    one that was not known then."""
    first, sources = flag.days[0], flag.sources | (agreed if flag.is_overall else frozenset())
    return [
        each for each in changed if each.source in sources and first - LOOKBACK <= each.day < first
    ]


def is_unknown(services: Services, student: int, days: Sequence[SourceDay]) -> bool:
    """Return whether on one of these days it is unknown what the student did."""
    notes = services.lake.notes(min(each.day for each in days), max(each.day for each in days))
    return any(
        note.covered and (student in note.students or note.strangers)
        for each in days
        if (note := notes.get(each))
    )


def _of_version(
    services: Services, policy: int, those: Sequence[FoundBefore]
) -> dict[int, Finding | None]:
    """Measure the days of these flags again by the version that raised them, newest day first,
    until each is found once or has no day left."""
    with services.store.database.read() as connection:
        published = published_by_id(connection, policy)
    again: dict[int, Finding | None] = {each.id: None for each in those}
    for day in sorted({day for each in those for day in each.days}, reverse=True):
        asked = [each for each in those if again[each.id] is None and day in each.days]
        if asked:
            found = _findings(services, published, day, {each.student for each in asked})
            again |= {each.id: found.get((each.student, each.key)) for each in asked}
    return again


def _findings(
    services: Services, published: PublishedPolicy, day: dt.date, who: Collection[int]
) -> dict[tuple[int, str], Finding]:
    """Map (student, key) to every finding of a past day, by what is known now."""
    policy = published.policy
    with services.store.database.read() as connection:
        levels = student_levels(connection, policy.overrides)
        back = back_since(connection, day, LOOKBACK)
        met = engaged_on(connection, day - LOOKBACK, through(day))
    measured = services.engine.evidence(
        day,
        agreed_sources([policy]),
        {policy.school: flagging.criterion(policy, day)},
        also=who,
        back=back,
        met=met,
        clearing={policy.school: flagging.clearing(policy, day)},
    )
    return {
        (finding.student, finding.key): finding
        for _, everyone in measured
        for each in everyone
        if each.student in who
        for finding in flagging.findings(policy, each, day, levels.get(each.student))
    }
