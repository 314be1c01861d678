"""The night's work: from the lake to flags, cases and cards, one school after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from integrations.activity.engine import LOOKBACK
from integrations.activity.population import left_out_of, refresh_roster
from integrations.activity.relations import AgreedSource
from integrations.bootstrap import Services
from store.actions.cases.pause import resume_due
from store.actions.cases.transfer import follow_roster
from store.actions.flags.screen import Screened, record_screening, students_with_active_flags
from store.policies.versions import PublishedPolicy, policy_in_force
from store.queries.schools.roster import student_levels
from store.queries.schools.staff import all_schools
from store.queries.students.exemptions import back_since
from store.rules.errors import InvalidInput
from store.rules.flag_rules.evidence import Evidence
from store.rules.flags import flagging
from store.rules.flags.ranking import in_order

Progress = Callable[[Screened], None]

Policies = Mapping[str, PublishedPolicy]
"""School code → the policy in force."""


def screen(services: Services, day: dt.date, progress: Progress | None = None) -> list[Screened]:
    """Screen every school that has a policy in force, over what was known before ``day``.

    Each school is one transaction, so a run that dies leaves whole schools done and the others
    as they were; running the day again completes it and changes nothing else.

    Raises:
        InvalidInput: no school has a policy in force on that day.
        LakeError: the activity lake cannot be read.
    """
    policies = _policies(services, day)
    follow_roster(services.store)
    resume_due(services.store, day)
    refresh_roster(services)
    with services.store.database.read() as connection:
        watched = frozenset(
            chain.from_iterable(
                students_with_active_flags(connection, published.school)
                for published in policies.values()
            )
        )
        left_out = {
            code: left_out_of(connection, published.school, published.policy, day)
            for code, published in policies.items()
        }
        back = back_since(connection, day, LOOKBACK)
    results = []
    agreed = _agreed(policies)
    nets = {code: flagging.criterion(each.policy, day) for code, each in policies.items()}
    for code, evidence in services.engine.evidence(day, agreed, nets, watched, back):
        covered = [each for each in evidence if each.student not in left_out[code]]
        # Asked for each school anew: taking the measures is what finds a damaged file.
        unknown = flagging.unknown_sources(services.engine.newest(day), day)
        done = _record(services, policies[code], day, covered, unknown)
        results.append(done)
        if progress:
            progress(done)
    return results


def _policies(services: Services, day: dt.date) -> Policies:
    with services.store.database.read() as connection:
        policies = {
            school.code: found
            for school in all_schools(connection)
            if (found := policy_in_force(connection, school.id, day))
        }
    if not policies:
        raise InvalidInput(
            f"No school has a policy in force on {day}. Publish one with: "
            "lantern policy publish FILE"
        )
    return policies


def _agreed(policies: Policies) -> list[AgreedSource]:
    return [
        AgreedSource(code, family, source)
        for code, published in policies.items()
        for family, source in published.policy.agreed_sources
    ]


def _record(
    services: Services,
    published: PublishedPolicy,
    day: dt.date,
    evidence: Sequence[Evidence],
    unknown: frozenset[str],
) -> Screened:
    policy = published.policy
    with services.store.database.read() as connection:
        levels = student_levels(connection, policy.overrides)
    found = [
        finding
        for each in evidence
        for finding in flagging.findings(policy, each, day, levels.get(each.student))
    ]
    weeks = {each.student: each.weeks for each in evidence}
    order = in_order(evidence)
    return record_screening(services.store, published, day, found, weeks, unknown, order)


def totals(results: Iterable[Screened]) -> tuple[int, int]:
    """(flags raised, cases opened) over all schools."""
    each = list(results)
    return sum(one.flags_raised for one in each), sum(one.cases_opened for one in each)
