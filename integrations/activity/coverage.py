"""What the lead looks into: who is hardly monitored, work that never arrived, much at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import resources

from integrations.activity.lake import Lake
from integrations.activity.relations import (
    AgreedSource,
    activity_view,
    enrolments_table,
    source_tables,
)
from integrations.activity.scratch_database import Workspace
from store.rules.flag_rules.base import through
from store.rules.flags.coverage import Burst, Coverage, Pattern, SilentWork

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
"""What agreed sources say of students on modules that they take."""

WEEKS = 4
HANDED_IN_WITHIN = dt.timedelta(weeks=8)
"""Before the day looked at. Work that is due in the last four weeks is rarely handed in earlier."""

ARRIVES_WITHIN = dt.timedelta(days=7)
"""After the day on which work was due: some feeds come once a week."""

# A module is monitored where an agreed source has said anything about anybody on it lately: a
# source that a school has agreed to need not know all of its modules.
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
GROUP BY module, item
HAVING SUM(done) = 0 AND MAX(day) BETWEEN $first AND $last
ORDER BY due, module, item
"""


def silent_work(
    lake: Lake, day: dt.date, agreed: Collection[AgreedSource], school: str
) -> list[SilentWork]:
    """Work on the school's modules that was due in the four weeks before ``day``, at least a week
    ago, and of which nothing has arrived from anybody."""
    last = through(day)
    due = {"first": last - dt.timedelta(weeks=WEEKS), "last": last - ARRIVES_WITHIN}
    with _activity(lake, day, agreed, HANDED_IN_WITHIN) as work:
        rows = work.con.execute(_SILENT, {"school": school} | due).fetchall()
    return [SilentWork(*row) for row in rows]


def coverage(
    lake: Lake, day: dt.date, agreed: Collection[AgreedSource], school: str
) -> list[Coverage]:
    """For each student at home in the school: their modules, and how many are monitored."""
    with _activity(lake, day, agreed) as work:
        rows = work.con.execute(_COVERAGE, {"school": school}).fetchall()
    return [Coverage(*row) for row in rows]


def bursts(
    lake: Lake,
    day: dt.date,
    agreed: Collection[AgreedSource],
    school: str,
    pattern: Pattern | None = None,
) -> list[Burst]:
    """Much at once on the school's modules, in the four weeks before ``day``."""
    query = resources.files(__package__).joinpath("oversight.sql").read_text(encoding="utf-8")
    with _activity(lake, day, agreed) as work:
        rows = work.con.execute(query, {"school": school} | asdict(pattern or Pattern()))
        return [Burst(*row) for row in rows.fetchall()]


@contextmanager
def _activity(
    lake: Lake,
    day: dt.date,
    agreed: Collection[AgreedSource],
    within: dt.timedelta = dt.timedelta(weeks=WEEKS),
) -> Iterator[Workspace]:
    last = through(day)
    first = last - within + dt.timedelta(days=1)
    with lake.workspace() as work:
        enrolments_table(work, lake.roster, day)
        source_tables(work, agreed, lake.newest_days(last))
        activity_view(work, lake.files(first, last).values())
        work.con.execute(_TRUSTED)
        yield work
