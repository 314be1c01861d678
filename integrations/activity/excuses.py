"""Remove excused expectations: what a timetable expected of a student, but no longer applies.

A register marks a notified absence as excused, a placement takes a student away for weeks, a
student joins late or changes groups. Such an expectation is neither missed nor attended. Anything
the student did all the same still counts.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from integrations.activity.relations import EXCUSES, EXTENDED_TO
from integrations.activity.scratch_database import ScratchDatabase

LONGEST_EXCUSE = 400
"""Days that one excuse may cover. A mistyped year would excuse a student permanently."""
REACH = dt.timedelta(days=LONGEST_EXCUSE)
"""How long ago an excuse that covers today may have been given."""

# Mostly they are few, so that looking for them first saves a slow join over all activity.
_LATE = """
CREATE OR REPLACE TABLE late AS
SELECT enrolments.student, enrolments.module, enrolments.starts
FROM enrolments
JOIN (
    SELECT module, min(day) AS first
    FROM {rows}
    WHERE expected > 0 AND family IN ('attendance', 'meetings')
    GROUP BY module
) AS expecting ON expecting.module = enrolments.module AND expecting.first < enrolments.starts
"""
# For a piece of work the day does not matter: it is excused, whenever that was agreed. What was on
# the timetable before a student joined the module is not missed either; work.sql does the same for
# work.
_WAIVED = """
CREATE OR REPLACE TABLE waived AS
SELECT DISTINCT stated.student, stated.module, stated.family, stated.item, stated.source, stated.day
FROM stated
JOIN excuses
    ON excuses.student = stated.student
    AND excuses.family = CAST(stated.family AS VARCHAR)
    AND excuses.module IN ('', CAST(stated.module AS VARCHAR))
    AND excuses.item IN ('', coalesce(stated.item, ''))
    AND (excuses.family = 'submissions' OR stated.day BETWEEN excuses.first AND excuses.last)
WHERE stated.expected > 0
UNION
SELECT DISTINCT stated.student, stated.module, stated.family, stated.item, stated.source, stated.day
FROM stated
JOIN late
    ON late.student = stated.student AND late.module = stated.module
    AND stated.day < late.starts
WHERE stated.expected > 0 AND stated.family IN ('attendance', 'meetings')
"""


def excuses_table(work: ScratchDatabase, rows: str) -> None:
    """Create ``excuses``: student, module and item ('' for all), family, first and last day."""
    work.con.execute(
        "CREATE OR REPLACE TABLE excuses AS SELECT DISTINCT student, "
        "coalesce(module, '') AS module, split_part(item, $mark, 1) AS family, "
        "split_part(item, $mark, 2) AS item, "
        "day AS first, "
        "CAST(TRY_CAST(split_part(item, $mark, 3) AS DATE) + moved AS DATE) AS last "
        f"FROM {rows} WHERE family = $family",
        {"mark": EXTENDED_TO, "family": EXCUSES},
    )


def agree_excuses(
    work: ScratchDatabase, agreed: Iterable[tuple[int, str, dt.date, dt.date]]
) -> None:
    """Add to ``excuses`` what colleagues agreed: student, family, first and last day."""
    rows = [list(each) for each in agreed]
    if rows:
        work.con.executemany(
            "INSERT INTO excuses (student, module, family, item, first, last) "
            "VALUES (?, '', ?, '', ?, ?)",
            rows,
        )


def waive(work: ScratchDatabase, rows: str = "stated") -> None:
    """Create ``activity`` from ``stated``, without the excused expectations.

    ``rows`` may be ``COUNTED``, which saves a look at all rows for those who joined late.
    """
    work.con.execute(_LATE.format(rows=rows))
    if not _has_rows(work, "excuses") and not _has_rows(work, "late"):
        work.con.execute("CREATE OR REPLACE VIEW activity AS FROM stated")
        return
    work.con.execute(_WAIVED)
    if not _has_rows(work, "waived"):
        # The usual case, which saves a slow join over all activity.
        work.con.execute("CREATE OR REPLACE VIEW activity AS FROM stated")
        return
    work.con.execute(
        "CREATE OR REPLACE VIEW activity AS SELECT stated.* REPLACE ("
        "CASE WHEN waived.student IS NULL THEN stated.expected ELSE 0 END AS expected) "
        "FROM stated LEFT JOIN waived ON waived.student = stated.student "
        "AND waived.day = stated.day AND waived.module = stated.module "
        "AND waived.family = stated.family AND waived.source = stated.source "
        "AND waived.item IS NOT DISTINCT FROM stated.item"
    )


def _has_rows(work: ScratchDatabase, table: str) -> bool:
    return bool(work.con.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())
