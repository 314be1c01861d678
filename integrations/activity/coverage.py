"""Find facts for the lead's notes: little coverage, work that never arrived, bursts of clicks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from integrations.activity.excuses import REACH, excuses_table, waive
from integrations.activity.lake import Lake
from integrations.activity.measured import measured_days
from integrations.activity.population import refresh_roster
from integrations.activity.queries import rows_of_query
from integrations.activity.relations import (
    AgreedSource,
    agreed_sources,
    early_view,
    enrolments_table,
    rows_of,
    source_tables,
    stated_view,
)
from integrations.activity.scratch_database import ScratchDatabase
from integrations.bootstrap import Services
from store.rules.flag_rules.base import through
from store.rules.flag_rules.measured_days import MOST_NAMED, days_said, missing_by_source
from store.rules.flags.coverage import (
    Burst,
    BurstLimits,
    Coverage,
    Named,
    SchoolCoverage,
    SilentWork,
    notes_for_lead,
    number_notes,
)
from store.rules.policies.policy import SchoolPolicy

_TRUSTED = """
CREATE OR REPLACE TEMP VIEW trusted AS
SELECT activity.*, enrolments.module_school
FROM activity
JOIN enrolments
    ON enrolments.student = activity.student AND enrolments.module = activity.module
JOIN agreed
    ON agreed.school = enrolments.module_school
    AND agreed.family = activity.family
    AND agreed.source = activity.source
"""
"""Activity in agreed sources, of students on modules that they take."""

WEEKS = 4
ARRIVES_WITHIN = dt.timedelta(days=7)
"""Time after the due day within which submissions arrive: some feeds come once a week."""

# A module is monitored where an agreed source has recent data on anyone on it: an agreed source
# need not cover all of a school's modules.
_COVERAGE = """
WITH spoken AS (
    SELECT DISTINCT module FROM trusted
)
SELECT enrolments.student, COUNT(*) AS modules, COUNT(spoken.module) AS monitored
FROM enrolments
LEFT JOIN spoken ON spoken.module = enrolments.module
WHERE enrolments.home_school = $school
GROUP BY enrolments.student
ORDER BY enrolments.student
"""


_SILENT = """
SELECT module, item, MAX(day) AS due, COUNT(DISTINCT student)
FROM trusted
WHERE family = 'submissions' AND item IS NOT NULL AND module_school = $school
    AND NOT EXISTS (
        SELECT 1 FROM early
        JOIN agreed
            ON agreed.school = $school
            AND agreed.family = early.family
            AND agreed.source = early.source
        WHERE early.module = trusted.module AND early.item = trusted.item
    )
GROUP BY module, item
HAVING SUM(done) = 0 AND MAX(day) BETWEEN $first AND $last
ORDER BY due, module, item
"""


def silent_work(work: ScratchDatabase, day: dt.date, school: str) -> list[SilentWork]:
    """Return work on the school's modules of which no submission has arrived.

    It was due in the four weeks before ``day``, and at least a week ago.
    """
    first, last = _weeks(day)
    due = {"first": first, "last": last - ARRIVES_WITHIN}
    rows = work.con.execute(_SILENT, {"school": school} | due).fetchall()
    return [SilentWork(*row) for row in rows]


def measure_coverage(work: ScratchDatabase, school: str) -> list[Coverage]:
    """Count each home student's modules, and how many of them are monitored."""
    rows = work.con.execute(_COVERAGE, {"school": school}).fetchall()
    return [Coverage(*row) for row in rows]


_MODULES = """
SELECT COUNT(DISTINCT enrolments.module), COUNT(DISTINCT trusted.module)
FROM enrolments
LEFT JOIN trusted ON trusted.module = enrolments.module
WHERE enrolments.module_school = $school
"""


def school_coverage(services: Services, day: dt.date) -> dict[str, SchoolCoverage]:
    """Return the coverage of each school with a policy, by its code, as the lead's notes have it.

    Raises ``LakeError`` where the activity lake cannot be read.
    """
    refresh_roster(services)
    with services.records() as known:
        policies = known.policies(day)
    agreed = agreed_sources(policy for _, policy in policies.values())
    found = {}
    with four_weeks(services.lake, day, agreed) as work:
        for code in policies:
            everyone = measure_coverage(work, code)
            modules, monitored = work.con.execute(_MODULES, {"school": code}).fetchall()[0]
            enough = sum(each.is_cross_section for each in everyone)
            found[code] = SchoolCoverage(modules, monitored, len(everyone), enough)
    return found


def bursts(work: ScratchDatabase, school: str, pattern: BurstLimits | None = None) -> list[Burst]:
    """Find bursts of clicks on the school's modules."""
    values = {"school": school} | asdict(pattern or BurstLimits())
    return [Burst(*row) for row in rows_of_query(work, "oversight", values)]


def _weeks(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the four weeks before this day."""
    last = through(day)
    return last - dt.timedelta(weeks=WEEKS) + dt.timedelta(days=1), last


@contextmanager
def four_weeks(
    lake: Lake, day: dt.date, agreed: Collection[AgreedSource]
) -> Iterator[ScratchDatabase]:
    """Open a scratch database with the activity of the four weeks before ``day``."""
    first, last = _weeks(day)
    with lake.workspace() as work:
        enrolments_table(work, lake.roster, day)
        source_tables(work, agreed, lake.newest_days(last))
        excuses_table(work, rows_of(work, "excuse_files", lake.files(first - REACH, last).values()))
        stated_view(work, rows_of(work, "files", lake.files(first, last).values()))
        waive(work)
        # However early: some of the class may submit, or carry work over, before everyone else.
        before = lake.files(dt.date.min, first - dt.timedelta(days=1)).values()
        early_view(work, rows_of(work, "early_files", before))
        work.con.execute(_TRUSTED)
        yield work


def lead_notes(
    services: Services, school: int, day: dt.date, named: Named | None = None
) -> list[str]:
    """Write the private notes for the engagement lead, naming students by case reference.

    Students without a case are only counted. With ``named``, for a lead who asked, students are
    named by student number, and ``named`` is called with those that the lines name.

    Raises ``LakeError`` where the activity lake cannot be read.
    """
    refresh_roster(services)
    with services.records() as known:
        policies = known.policies(day)
        code = next((code for code, (each, _) in policies.items() if each == school), None)
        if code is None:
            return [known.why_not_screened(school, day)]
        left_out = known.left_out(school, policies[code][1], day)
        unseen = known.unwatched(school, day)
    agreed = agreed_sources(policy for _, policy in policies.values())
    with four_weeks(services.lake, day, agreed) as work:
        everyone = measure_coverage(work, code)
        at_once = bursts(work, code)
        silent = silent_work(work, day, code)
    unsettled = {student for student, end in left_out.items() if end is None}
    apart = left_out.keys() | unseen.keys()
    gaps = [each for each in everyone if each.student not in apart and not each.is_cross_section]
    odd = [each for each in at_once if each.student not in left_out]
    who = sorted({*unseen, *(each.student for each in gaps), *(each.student for each in odd)})
    with services.records() as known:
        called = known.references(who, school)
        if named is not None:
            called = known.numbers([each for each in who if each not in called]) | called
    unmeasured = _unmeasured(services, code, policies[code][1], day)
    if named is not None:
        named(who)
    notes = notes_for_lead(gaps, odd, called, silent, unmeasured, unseen)
    return notes + number_notes(sum(1 for each in everyone if each.student in unsettled))


def _unmeasured(services: Services, code: str, policy: SchoolPolicy, day: dt.date) -> list[str]:
    """Return a line for each agreed source that did not measure some school day of these weeks."""
    first, last = _weeks(day)
    sources = {source for _, source in policy.agreed_sources}
    measured = measured_days(services.lake, services.records, day).of_school(code)
    missing = missing_by_source(policy.calendar, measured, sources, first, last)
    return [
        f"{source}: {days_said(days, policy.calendar, MOST_NAMED)}"
        for source, days in missing.items()
    ]
