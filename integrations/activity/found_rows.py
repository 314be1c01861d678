"""Read the rows of the tables ``found``, ``missed``, ``pieces`` and ``first_work``, by morning and
school.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from integrations.activity.mornings import Morning
from store.rules.flag_rules.evidence import FirstWork, Piece

OnClass = tuple[int, int]
"""A student, and the number of a class."""

_SIZES = "SELECT CAST(school AS VARCHAR), count(*) FROM found GROUP BY school"

# All schools of a piece at once: a query for each takes longer to plan than to run.
_ASKED = """
CREATE OR REPLACE TABLE asked AS
SELECT TRY_CAST(unnest($schools) AS school_name) AS school, unnest($places) AS place,
    unnest($bases) AS base, unnest($moved) AS moved
"""

_STUDENTS = """
SELECT any_value(asked.place), found.student - any_value(asked.base),
    bool_or(found.home_school = found.school), any_value(found.enrolled_since - asked.moved),
    bit_or(found.days_seen), CAST(any_value(found.home_school) AS VARCHAR),
    bool_or(found.is_caught)
FROM found JOIN asked USING (school)
GROUP BY found.school, found.student
ORDER BY 1, 2
"""

# Tens of thousands of rows, and a text in each takes longer to fetch than all its numbers.
_FOUND = """
SELECT asked.place, student - asked.base AS student, of_class, last_done - asked.moved,
    active_days_28, expected_28, done_28, starts - asked.moved, missed_in_a_row, days_seen,
    days_expected, work_due, days_late
FROM found JOIN asked USING (school)
ORDER BY place, student, of_class
"""

_MISSED = """
SELECT asked.place, missed.student - asked.base, classes.number, missed.item,
    missed.due - asked.moved
FROM missed JOIN asked USING (school) JOIN classes USING (module, source)
WHERE classes.family = 'submissions'
ORDER BY missed.due, missed.item
"""

_PIECES = """
SELECT asked.place, pieces.student - asked.base, classes.number, pieces.item,
    pieces.due - asked.moved, pieces.handed_in - asked.moved, pieces.is_owed
FROM pieces JOIN asked USING (school) JOIN classes USING (module, source)
WHERE classes.family = 'submissions'
ORDER BY pieces.due, pieces.item
"""

_FIRST_WORK = """
SELECT asked.place, first_work.student - asked.base, CAST(first_work.module AS VARCHAR),
    first_work.item, first_work.due - asked.moved
FROM first_work
JOIN asked USING (school)
JOIN criteria USING (school)
SEMI JOIN found ON found.school = first_work.school AND found.student = first_work.student
WHERE first_work.due <= criteria.first_due_by
ORDER BY first_work.due, first_work.module
"""

_MOST_ROWS = 50_000
"""The most rows of students that are read at once, unless one school has more."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What was found about the students of one school on one morning."""

    students: list[tuple[Any, ...]] = field(default_factory=list)
    measures: list[tuple[Any, ...]] = field(default_factory=list)
    missed: dict[OnClass, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    pieces: dict[OnClass, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    first_work: dict[int, list[FirstWork]] = field(default_factory=lambda: defaultdict(list))
    """Of each student."""


SchoolOn = tuple[Morning, str]
"""A school on a morning."""


def rows_found(
    con: duckdb.DuckDBPyConnection, schools: Sequence[SchoolOn]
) -> Iterator[tuple[SchoolOn, Rows]]:
    """Yield the rows of each school and morning in turn, read some at a time."""
    sizes = dict(con.execute(_SIZES).fetchall())
    part: list[SchoolOn] = []
    rows = 0
    for at, school in schools:
        size = sizes.get(at.mark + school, 0)
        if part and rows + size > _MOST_ROWS:
            yield from zip(part, _read(con, part), strict=True)
            part, rows = [], 0
        part.append((at, school))
        rows += size
    yield from zip(part, _read(con, part), strict=True)


def _read(con: duckdb.DuckDBPyConnection, schools: Sequence[SchoolOn]) -> list[Rows]:
    con.execute(
        _ASKED,
        {
            "schools": [at.mark + school for at, school in schools],
            "places": list(range(len(schools))),
            "bases": [at.base for at, _ in schools],
            "moved": [at.moved for at, _ in schools],
        },
    )
    found = [Rows() for _ in schools]
    for place, *row in con.execute(_STUDENTS).fetchall():
        found[place].students.append(tuple(row))
    for place, rows in groupby(con.execute(_FOUND).fetchall(), _PLACE):
        found[place].measures.extend(rows)
    for place, student, number, *item in con.execute(_MISSED).fetchall():
        found[place].missed[student, number].append(tuple(item))
    for place, student, number, *piece in con.execute(_PIECES).fetchall():
        found[place].pieces[student, number].append(Piece(*piece))
    for place, student, module, item, due in con.execute(_FIRST_WORK).fetchall():
        own_name = module.removeprefix(schools[place][0].mark)
        found[place].first_work[student].append(FirstWork(own_name, item, due))
    return found


_PLACE = itemgetter(0)
