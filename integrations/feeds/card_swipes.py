"""Load card swipes, library and building access: rows of a student and an instant only.

They are stored under a family of their own, which no marker has, so that no rule can use them
whatever a policy says. The building is not stored: only that a person was somewhere.

============== =================================================
student_number the university's own number, as on the roster
at             ISO date or time, as in the event feed
============== =================================================

Other columns, such as those of the event feed, are ignored.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from integrations.activity.lake import Lake
from integrations.feeds.loading import (
    ON_NO_TERMS,
    Delivery,
    LoadReport,
    Period,
    Progress,
    Terms,
    load_file,
    no_progress,
)
from integrations.feeds.people import UNKNOWN_STUDENT, People
from integrations.feeds.raw_table import Layout
from store.rules.calendar import INSTITUTION

FAMILY = "access"
"""No ``MarkerFamily``."""

LAYOUT = Layout(required=("student_number", "at"), days=("at",))

_JUDGED = f"""
SELECT
    line,
    CASE
        WHEN student_number IS NULL THEN 'there is no student_number'
        WHEN student IS NULL THEN {{lost}}
        WHEN day IS NULL THEN 'at is not an ISO date or time'
        WHEN day NOT BETWEEN DATE '{{first}}' AND DATE '{{last}}'
            THEN 'at is outside the days that this file covers'
    END AS reason,
    day, student, '' AS module, '{FAMILY}' AS family, NULL::VARCHAR AS item,
    0 AS expected, 1 AS done
FROM (
    SELECT
        line, student_number, coalesce(students.student, aliases.student) AS student,
        day_of("at", '{INSTITUTION}') AS day
    FROM raw
    LEFT JOIN students USING (student_number)
    LEFT JOIN aliases ON aliases.student_number = raw.student_number
        AND day_of("at", '{INSTITUTION}') BETWEEN aliases.first AND aliases.last
)
"""


def load_swipes(
    lake: Lake,
    path: Path,
    source: str,
    students: People | Iterable[tuple[str, int]],
    covers: Period | None = None,
    progress: Progress = no_progress,
    terms: Terms = ON_NO_TERMS,
) -> LoadReport:
    """Load one file as ``source``, as ``load_events`` does; it raises the same."""
    first, last = covers or ("0001-01-01", "9999-12-31")
    judged = _JUDGED.format(first=first, last=last, lost=UNKNOWN_STUDENT)
    people = students if isinstance(students, People) else People(students)
    with lake.workspace() as work:
        people.tables(work)
        delivery = Delivery(path, source, LAYOUT, judged, covers, people, terms=terms)
        return load_file(lake, work, delivery, progress)
