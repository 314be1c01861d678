"""Find the first work of each student in a module while it is still to come.

What is expected on coming days lies in the lake as soon as its source tells of it.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from integrations.activity.catching import Asked
from integrations.activity.measured import first_of
from integrations.activity.queries import make_table
from integrations.activity.scratch_database import ScratchDatabase
from store.rules.flag_rules.base import through

_NONE_COMES = """
CREATE OR REPLACE TABLE first_work AS
SELECT student, module, module_school AS school, starts, '' AS item, starts AS due
FROM enrolments WHERE false
"""


def reach_ahead(asked: Iterable[Asked]) -> dt.timedelta:
    """Return how far ahead of its morning a net looks for work; 0: none does."""
    days = (
        criterion.first_due_by - through(each.day)
        for each in asked
        for net in each.nets
        for criterion in net.criteria.values()
        if criterion.first_due_by
    )
    return max(days, default=dt.timedelta(0))


def ahead_table(work: ScratchDatabase, rows: str) -> None:
    """Create ``ahead``: the work that is due on coming days, of these rows: student, module, item,
    source, due.
    """
    work.con.execute(
        "CREATE OR REPLACE TABLE ahead AS SELECT DISTINCT student, "
        "TRY_CAST(module AS module_name) AS module, item, "
        "CAST(source AS VARCHAR) AS source, day AS due "
        f"FROM {rows} WHERE family = 'submissions' AND item IS NOT NULL AND expected > 0"
    )


def first_work_table(work: ScratchDatabase, day: dt.date) -> None:
    """Create ``first_work`` from ``ahead``. Mostly nothing comes: then no rows are looked at."""
    if work.con.execute("SELECT 1 FROM ahead LIMIT 1").fetchall():
        make_table(work, "first_work", "first_work", {"first": first_of(day)})
    else:
        work.con.execute(_NONE_COMES)
