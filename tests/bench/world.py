"""An invented university: 50,000 students on 6 modules each, and 6 million events in 28 days.

All data follow from hashes, so every run makes the same university.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from integrations.activity.lake import Lake
from integrations.activity.relations import AgreedSource
from integrations.feeds.events_csv import load_events
from integrations.feeds.loading import Progress
from store.rules.flag_rules.base import Criterion
from store.rules.model import MarkerFamily

SOURCE = "campus"
FAMILIES = (
    MarkerFamily.VLE,
    MarkerFamily.RECORDINGS,
    MarkerFamily.ATTENDANCE,
    MarkerFamily.SUBMISSIONS,
)
SCHOOLS = 20
DAYS = 28
DAY = dt.date(2025, 11, 17)
"""The screened day. Activity covers the 28 days before it."""

# Five modules of the student's own school, and one of the next school.
_ROSTER = """
SELECT
    student, 'S' || home AS home_school,
    'M' || lpad(CAST(number * {schools} + school AS VARCHAR), 4, '0') AS module,
    'S' || school AS module_school,
    DATE '2025-09-22' AS starts, CAST(NULL AS DATE) AS ends
FROM (
    SELECT
        student, student % {schools} AS home,
        (student // {schools} * 7 + place) % {modules} AS number,
        (student + CASE WHEN place = 5 THEN 1 ELSE 0 END) % {schools} AS school
    FROM range(1, {students} + 1) AS s(student), range(6) AS p(place)
)
"""

# {n} is the number of the day. A module has its sessions on the same weekdays each week, like a
# timetable: otherwise most days would have far fewer rows than usual and count as unknown. Its
# deadlines fall on any day, and most weeks have none. 2% of students are inactive in the second
# half, and 2% attend a third of their sessions.
_EVENTS = """
WITH of_day AS (
    SELECT
        roster.*, {n} AS n, 'B' || lpad(CAST(student AS VARCHAR), 8, '0') AS student_number,
        hash(student, module, {n}) % 1000 AS luck,
        hash(student, module, {n}, 'second') % 1000 AS more_luck,
        student % 50 = 0 AND {n} >= 14 AS is_silent,
        hash(module, {n} % 7, 'session') % 100 < 12 AS has_session,
        hash(module, {n}, 'work') % 100 < 3 AS has_work
    FROM roster
),
events AS (
    SELECT student_number, module, 'vle' AS family, 'done' AS kind, NULL AS item
    FROM of_day, range(2) WHERE NOT is_silent AND luck < 200
    UNION ALL
    SELECT student_number, module, 'recordings', 'done', NULL
    FROM of_day WHERE NOT is_silent AND more_luck < 60
    UNION ALL
    SELECT student_number, module, 'attendance', 'expected', 'L' || n FROM of_day WHERE has_session
    UNION ALL
    SELECT student_number, module, 'attendance', 'done', 'L' || n FROM of_day
    WHERE has_session AND NOT is_silent
        AND more_luck < CASE student % 50 WHEN 1 THEN 300 ELSE 930 END
    UNION ALL
    SELECT student_number, module, 'submissions', 'expected', 'A' || n FROM of_day WHERE has_work
    UNION ALL
    SELECT student_number, module, 'submissions', 'done', 'A' || n FROM of_day
    WHERE has_work AND NOT is_silent AND luck < 990
)
SELECT
    *, TIMESTAMP '{day}' + to_seconds(CAST(hash(student_number, module, kind) % 80000 AS BIGINT))
        AS "at"
FROM events ORDER BY "at"
"""


@dataclass(frozen=True)
class World:
    """The folder and the day of the invented university."""

    root: Path
    day: dt.date = DAY
    """The screened day."""

    @property
    def lake(self) -> Lake:
        """Its lake, with all 28 days loaded."""
        return Lake(self.root / "lake")

    @property
    def students(self) -> Path:
        """The Parquet file with the columns student_number and student."""
        return self.root / "students.parquet"

    def raw(self, day: dt.date) -> Path:
        """Return the Parquet file of a day's raw events, in the columns of ``events_csv``."""
        return self.root / f"raw-{day}.parquet"

    @property
    def newest(self) -> dt.date:
        """The last day before the screened one."""
        return self.day - dt.timedelta(days=1)

    @cached_property
    def numbers(self) -> list[tuple[str, int]]:
        """The student numbers, as the store would give them."""
        return duckdb.read_parquet(str(self.students)).fetchall()

    @cached_property
    def modules(self) -> list[str]:
        """The module codes, as the store would give them."""
        roster = duckdb.read_parquet(str(self.lake.roster))
        return [code for (code,) in roster.select("module").distinct().fetchall()]

    def agreed(self) -> list[AgreedSource]:
        """Return the agreed sources: all four families for every school."""
        return [
            AgreedSource(f"S{school}", family, SOURCE)
            for school in range(SCHOOLS)
            for family in FAMILIES
        ]

    def criteria(self) -> Mapping[str, Criterion]:
        """Return the thresholds: 10 days of inactivity, work due 2 to 3 weeks ago, half of 4
        sessions."""
        net = Criterion(
            silent_since=self.day - dt.timedelta(days=11),
            missed_due_from=self.day - dt.timedelta(days=21),
            missed_due_by=self.day - dt.timedelta(days=8),
            arrived_share=0.25,
            attended_below=0.5,
            expected_at_least=4,
        )
        return {f"S{school}": net for school in range(SCHOOLS)}


def build(root: Path, students: int, progress: Progress, until: dt.date = DAY) -> int:
    """Make the university under ``root``, active until this day, and return its number of
    events."""
    world = World(root, until)
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE roster AS "
        + _ROSTER.format(schools=SCHOOLS, students=students, modules=max(students // 660, 7))
    )
    con.execute(
        "COPY (SELECT DISTINCT 'B' || lpad(CAST(student AS VARCHAR), 8, '0') AS student_number, "
        f"student FROM roster) TO '{world.students}' (FORMAT parquet)"
    )
    world.lake.write_roster(con.execute("FROM roster").fetchall())
    events = 0
    for n in range(DAYS):
        day = until - dt.timedelta(days=DAYS - n)
        con.execute(f"COPY ({_EVENTS.format(n=n, day=day)}) TO '{world.raw(day)}' (FORMAT parquet)")
        loaded = load_events(world.lake, world.raw(day), SOURCE, world.numbers, world.modules)
        events += loaded.accepted
        if day != world.newest:
            world.raw(day).unlink()
        progress(n + 1, DAYS)
    return events
