"""What the engagement lead looks into: who is hardly monitored, and much at once."""

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
from integrations.activity.workspace import Workspace
from store.rules.flags.base import through
from store.rules.oversight import Burst, Coverage, Pattern

WEEKS = 4

# A module is monitored where an agreed source has said anything about anybody on it lately: a
# source that a school has agreed to need not know all of its modules.
_COVERAGE = """
WITH spoken AS (
    SELECT DISTINCT activity.module
    FROM activity
    JOIN enrolments
        ON enrolments.student = activity.student AND enrolments.module = activity.module
    JOIN agreed
        ON agreed.school = enrolments.module_school
        AND agreed.family = activity.family
        AND agreed.source = activity.source
)
SELECT enrolments.student, COUNT(*) AS modules, COUNT(spoken.module) AS monitored
FROM enrolments
LEFT JOIN spoken ON spoken.module = enrolments.module
WHERE enrolments.home_school = $school
GROUP BY enrolments.student
ORDER BY enrolments.student
"""


def coverage(
    lake: Lake, day: dt.date, agreed: Collection[AgreedSource], school: str
) -> list[Coverage]:
    """For each student at home in the school: their modules, and how many are monitored."""
    with _four_weeks(lake, day, agreed) as work:
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
    with _four_weeks(lake, day, agreed) as work:
        rows = work.con.execute(query, {"school": school} | asdict(pattern or Pattern()))
        return [Burst(*row) for row in rows.fetchall()]


@contextmanager
def _four_weeks(lake: Lake, day: dt.date, agreed: Collection[AgreedSource]) -> Iterator[Workspace]:
    last = through(day)
    first = last - dt.timedelta(days=7 * WEEKS - 1)
    with lake.workspace() as work:
        enrolments_table(work, lake.roster, day)
        source_tables(work, agreed, lake.newest_days(last))
        activity_view(work, lake.files(first, last).values())
        yield work
