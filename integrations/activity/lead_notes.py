"""The lead's private notes on a school: whom little is known of, and what looks odd."""

from __future__ import annotations

import datetime as dt

from integrations.activity.coverage import bursts, coverage, silent_work
from integrations.activity.population import left_out_of, refresh_roster
from integrations.activity.relations import AgreedSource
from integrations.bootstrap import Services
from store.policies.versions import policy_in_force
from store.queries.schools.staff import all_schools
from store.queries.students.references import references
from store.rules.flags.coverage import notes_for_lead


def lead_notes(services: Services, school: int, day: dt.date) -> list[str]:
    """Lines for the engagement lead alone. Students are called by their case, or by number.

    Raises ``LakeError`` where the activity lake cannot be read.
    """
    refresh_roster(services)
    with services.store.database.read() as connection:
        policies = {
            each.code: (each.id, found.policy)
            for each in all_schools(connection)
            if (found := policy_in_force(connection, each.id, day))
        }
        code = next((code for code, (known, _) in policies.items() if known == school), None)
        if code is None:
            return ["This school has no policy in force, so nothing is monitored."]
        left_out = left_out_of(connection, school, policies[code][1], day)
    agreed = [
        AgreedSource(each, family, source)
        for each, (_, policy) in policies.items()
        for family, source in policy.agreed_sources
    ]
    gaps = [
        each
        for each in coverage(services.lake, day, agreed, code)
        if each.student not in left_out and not each.is_cross_section
    ]
    odd = [
        each for each in bursts(services.lake, day, agreed, code) if each.student not in left_out
    ]
    who = sorted({each.student for each in gaps} | {each.student for each in odd})
    with services.store.database.read() as connection:
        called = references(connection, who)
    silent = silent_work(services.lake, day, agreed, code)
    return notes_for_lead(gaps, odd, called, silent)
