"""Measure whether students with active flags are back, in their clearing period.

Only students with active flags are measured, so a screening without any has no extra cost.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from integrations.activity.lake_folders import SourceDay
from integrations.activity.relations import AgreedSource
from integrations.activity.scratch_database import ScratchDatabase
from store.rules.flag_rules.base import Clearing, through
from store.rules.flag_rules.day_bits import BITS, newest

LEAST_CLASS = 5
"""Students. The median of a smaller class depends on one or two people, and means nothing."""

_WANTED = """
CREATE OR REPLACE TABLE wanted AS
SELECT DISTINCT found.school, found.module FROM found SEMI JOIN also USING (student)
"""

_PIECES = """
CREATE OR REPLACE TABLE pieces AS
SELECT work.student, work.module, work.school, work.source, work.item, work.due, work.handed_in,
    work.is_owed
FROM work SEMI JOIN also USING (student)
"""


def periods(
    clearing: Mapping[str, Clearing],
    agreed: Iterable[AgreedSource],
    files: Iterable[SourceDay],
    day: dt.date,
) -> dict[str, int]:
    """Map each school to its clearing period as bits; 0 where there are too few days.

    A day counts if inactivity on it counts, and at least one of the school's sources has delivered
    it.
    """
    delivered: dict[str, int] = defaultdict(int)
    for each in files:
        ago = (through(day) - each.day).days
        if 0 <= ago < BITS:
            delivered[each.source] |= 1 << ago
    of_school: dict[str, int] = defaultdict(int)
    for one in agreed:
        of_school[one.school] |= delivered[one.source]
    return {
        school: newest(of_school[school] & each.counting, each.days)
        for school, each in clearing.items()
    }


def clearing_tables(work: ScratchDatabase, days: Mapping[str, int]) -> None:
    """Create the tables ``periods``, ``wanted`` and ``pieces``; empty without such students."""
    work.table("periods_of_all", {"school": "VARCHAR", "days": "BIGINT"}, days.items())
    work.con.execute(
        "CREATE OR REPLACE TABLE periods AS "
        "SELECT TRY_CAST(school AS school_name) AS school, days FROM periods_of_all "
        "WHERE EXISTS (SELECT 1 FROM also)"
    )
    work.con.execute(_WANTED)
    work.con.execute(_PIECES)
