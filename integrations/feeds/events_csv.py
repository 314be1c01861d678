"""The documented event feed: a CSV file, or a Parquet file with the same columns.

============== ==================================================================================
student_number the university's own number, as on the roster
module         a module's code, as on the roster
family         attendance, submissions, vle, meetings, recordings or cocurricular
kind           ``expected`` (it was on the student's timetable, or due), ``done``, or ``extended``
               (of a submission: this student has more time, or another attempt, until ``until``)
at             ISO date or time, such as 2025-10-06, 2025-10-06T10:00 or 2025-10-06T09:00Z; times
               without an offset are London's. Of a submission that is expected: the day it is
               due; of one that is extended: the day on which that was agreed
item           which session or assessment; required of submissions, otherwise optional
count          a whole number from 1 to 1,000,000, of a row without item; optional, 1 if left out
until          the new day, of a row that is ``extended``; empty otherwise; optional
============== ==================================================================================

Columns may come in any order; others are ignored. UTF-8, comma-separated, one header row; blanks
around a value are part of it. Rows
that name an item state a fact, once, however often they come; rows without an item add up. A file
covers every day from its first to its last, or the days it is said to cover: these days are
replaced as a whole, and one without a row means that nothing happened on it. Say so, and let it
end yesterday, where a feed lists due days of the future; they come again when they are past.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from integrations.activity.lake import Lake
from integrations.activity.relations import EXTENDED_TO, EXTENSIONS
from integrations.activity.scratch_database import Workspace
from integrations.feeds.loading import Delivery, LoadReport, Period, Progress, load, no_progress
from integrations.feeds.raw_table import Layout
from store.rules.model import MarkerFamily

LAYOUT = Layout(
    required=("student_number", "module", "family", "kind", "at"),
    optional=("item", "count", "until"),
    typed=frozenset({"at", "count", "until"}),
)

_FAMILIES = ", ".join(f"'{family}'" for family in MarkerFamily)

_JUDGED = f"""
SELECT
    line,
    CASE
        WHEN student_number IS NULL THEN 'there is no student_number'
        WHEN student IS NULL THEN 'the student_number is not on the roster'
        WHEN NOT known THEN 'the module is not on the roster'
        WHEN family IS NULL OR family NOT IN ({_FAMILIES})
            THEN 'the family is not one of {_FAMILIES.replace("'", "")}'
        WHEN kind IS NULL OR kind NOT IN ('expected', 'done', 'extended')
            THEN 'the kind is neither expected nor done nor extended'
        WHEN kind = 'extended' AND family <> 'submissions' THEN 'only a submission is extended'
        WHEN kind = 'extended' AND until IS NULL THEN 'until is not an ISO date or time'
        WHEN day IS NULL THEN 'at is not an ISO date or time'
        WHEN day NOT BETWEEN DATE '{{first}}' AND DATE '{{last}}'
            THEN 'at is outside the days that this file covers'
        WHEN item IS NULL AND family = 'submissions' THEN 'a submission needs an item'
        WHEN length(item) > 200 THEN 'the item is longer than 200 characters'
        WHEN regexp_matches(item, '[[:cntrl:]]') THEN 'the item holds control characters'
        WHEN count IS NULL OR count NOT BETWEEN 1 AND 1000000
            THEN 'the count is not a whole number from 1 to 1,000,000'
    END AS reason,
    day, student, module,
    CASE WHEN kind = 'extended' THEN '{EXTENSIONS}' ELSE family END AS family,
    CASE WHEN kind = 'extended' THEN concat(item, '{EXTENDED_TO}', until) ELSE item END AS item,
    CASE WHEN kind <> 'done' THEN count ELSE 0 END AS expected,
    CASE WHEN kind = 'done' THEN count ELSE 0 END AS done
FROM (
    SELECT
        line, student_number, student, raw.module, modules.module IS NOT NULL AS known, family,
        kind, day_of("at") AS day, day_of("until") AS until, nullif(trim(item), '') AS item,
        CASE WHEN "count" IS NULL THEN 1 ELSE TRY_CAST("count" AS BIGINT) END AS count
    FROM raw
    LEFT JOIN students USING (student_number)
    LEFT JOIN modules ON modules.module = raw.module
)
"""


def load_events(
    lake: Lake,
    path: Path,
    source: str,
    students: Iterable[tuple[str, int]],
    modules: Iterable[str],
    covers: Period | None = None,
    progress: Progress = no_progress,
) -> LoadReport:
    """Load one file of events as ``source``; loading it again changes nothing.

    ``students`` are (student number, internal number), ``modules`` the codes that are known.
    ``covers`` are the first and last day that the file speaks for. Raises ``FeedError`` where
    the file as a whole cannot be used and ``LakeError`` where the lake cannot be written.
    """
    first, last = covers or ("0001-01-01", "9999-12-31")
    judged = _JUDGED.format(first=first, last=last)
    with lake.workspace() as work:
        roster_tables(work, students, modules)
        return load(lake, work, Delivery(path, source, LAYOUT, judged, covers), progress)


def roster_tables(
    work: Workspace, students: Iterable[tuple[str, int]], modules: Iterable[str]
) -> None:
    """``students`` and ``modules`` as tables that rows are judged against."""
    work.table("students", {"student_number": "VARCHAR", "student": "BIGINT"}, students)
    work.table("modules", {"module": "VARCHAR"}, ((module,) for module in set(modules)))
