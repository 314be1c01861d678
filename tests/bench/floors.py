"""The same work written by hand in DuckDB, without Lantern's safeguards.

There are no rejected rows, quarantine, memory limit or evidence per school: files in, result out.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import duckdb

from tests.bench.world import DAY, SCHOOLS, SOURCE, World

_INGEST = """
COPY (
    SELECT
        students.student, events.module, events.family, events.item,
        CASE WHEN item IS NULL THEN count(*) FILTER (kind = 'expected')
            ELSE least(count(*) FILTER (kind = 'expected'), 1) END AS expected,
        CASE WHEN item IS NULL THEN count(*) FILTER (kind = 'done')
            ELSE least(count(*) FILTER (kind = 'done'), 1) END AS done
    FROM read_parquet('{events}') AS events
    JOIN students USING (student_number)
    GROUP BY student, module, family, item ORDER BY ALL
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""

_MEASURES = """
CREATE TEMP TABLE measures AS
WITH seen AS (
    SELECT
        student, module, family,
        max(day) FILTER (done > 0) AS last_done,
        bit_or(1::BIGINT << (DATE '{last}' - day)::INT) FILTER (done > 0) AS days_seen,
        bit_or(1::BIGINT << (DATE '{last}' - day)::INT)
            FILTER (expected > 0 AND family = 'attendance') AS days_expected,
        sum(expected) AS expected_28, sum(done) AS done_28
    FROM (
        SELECT *, parse_filename(filename, true)::DATE AS day
        FROM read_parquet('{lake}/activity/{source}/*.parquet', filename = true)
    )
    GROUP BY ALL
)
SELECT
    roster.student, home_school, roster.module, module_school, agreed.family, last_done,
    coalesce(days_seen, 0) AS days_seen, bit_count(coalesce(days_seen, 0)) AS active_days_28,
    bit_count(
        coalesce(days_expected, 0) & ((coalesce(days_seen, 0) & -coalesce(days_seen, 0)) - 1)
    ) AS absences,
    coalesce(expected_28, 0) AS expected_28, coalesce(done_28, 0) AS done_28, starts
FROM read_parquet('{lake}/roster.parquet') AS roster
JOIN agreed ON school = module_school
LEFT JOIN seen
    ON seen.student = roster.student AND seen.module = roster.module AND seen.family = agreed.family
"""

# The class's activity in each of the last eight weeks, newest first.
_CLASSES = """
CREATE TEMP TABLE classes AS
SELECT module, family, [
    avg(bit_count(days_seen & 127)), avg(bit_count((days_seen >> 7) & 127)),
    avg(bit_count((days_seen >> 14) & 127)), avg(bit_count((days_seen >> 21) & 127)),
    avg(bit_count((days_seen >> 28) & 127)), avg(bit_count((days_seen >> 35) & 127)),
    avg(bit_count((days_seen >> 42) & 127)), avg(bit_count((days_seen >> 49) & 127))
] AS weeks
FROM measures WHERE family = 'vle' GROUP BY module, family
"""

_MISSED = """
CREATE TEMP TABLE missed AS
SELECT student, module, item, due FROM (
    SELECT *, avg(arrived) OVER (PARTITION BY module, item) AS share FROM (
        SELECT student, module, item,
            max(parse_filename(filename, true)::DATE) FILTER (expected > 0) AS due,
            max((done > 0)::INT) AS arrived
        FROM read_parquet('{lake}/activity/{source}/*.parquet', filename = true)
        WHERE family = 'submissions' GROUP BY ALL
    )
)
WHERE arrived = 0 AND share >= 0.25 AND due BETWEEN DATE '{day}' - 21 AND DATE '{day}' - 8
"""

_CAUGHT = """
CREATE TEMP TABLE caught AS
SELECT home_school AS school, student FROM measures GROUP BY home_school, student
HAVING coalesce(max(last_done), min(starts) - 1) <= DATE '{day}' - 11
UNION
SELECT module_school, student FROM missed JOIN read_parquet('{lake}/roster.parquet')
USING (student, module)
UNION
SELECT module_school, student FROM measures
WHERE family = 'attendance' AND expected_28 >= 4 AND done_28 < 0.5 * expected_28
"""

_FOUND = """
SELECT school, student, module, family, last_done, active_days_28, expected_28, done_28, absences,
    round(coalesce(weeks[1], -1), 6)
FROM measures JOIN caught USING (student) LEFT JOIN classes USING (module, family)
WHERE school IN (home_school, module_school)
"""

Rows = list[tuple[object, ...]]


def ingest(world: World, out: Path) -> None:
    """Aggregate the newest day into ``out``. The roster comes from the same list as Lantern's."""
    with duckdb.connect() as con, tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        csv.writer(file).writerows(world.numbers)
        file.flush()
        con.execute(
            "CREATE TABLE students AS FROM read_csv($path, header = false, "
            "columns = {'student_number': 'VARCHAR', 'student': 'BIGINT'})",
            {"path": file.name},
        )
        con.execute(_INGEST.format(events=world.raw(world.newest), out=out))


def measures(world: World) -> tuple[Rows, Rows]:
    """Compute the measures of all flagged students by school, and all missed work and sessions."""
    names = {"lake": world.root / "lake", "source": SOURCE, "day": DAY, "last": world.newest}
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE agreed AS SELECT 'S' || s AS school, family "
            f"FROM range({SCHOOLS}) AS r(s), "
            "(VALUES ('vle'), ('recordings'), ('attendance'), ('submissions')) AS f(family)"
        )
        for query in (_MEASURES, _CLASSES, _MISSED, _CAUGHT):
            con.execute(query.format(**names))
        found = con.execute(_FOUND).fetchall()
        return found, con.execute("SELECT student, module, item, due FROM missed").fetchall()
