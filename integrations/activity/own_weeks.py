"""Read one student's activity in a term for that student, on request with the class median."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from integrations.activity.errors import LakeError
from integrations.activity.excuses import REACH
from integrations.activity.lake import Lake
from integrations.activity.measured import LOOKBACK, Measured, measured_days
from integrations.activity.records import AskRecords
from integrations.activity.relations import EXCUSES, EXTENDED_TO, rows_of
from integrations.activity.scratch_database import path_literal
from store.rules.model import MarkerFamily
from store.rules.students.own_weeks import (
    EXPECTING,
    LEAST_CLASS,
    Excuse,
    Key,
    MarkerWeeks,
    OwnRow,
    TeachingWeek,
    weeks_of,
)

FRESH_FOR = dt.timedelta(minutes=10)
"""How long the facts about all students are cached: finding them reads every file."""

_FAMILIES = {str(each): each for each in MarkerFamily}
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OwnActivity:
    """Each marker's weeks, and the last day for which each source had data."""

    markers: tuple[MarkerWeeks, ...]
    fresh: Mapping[str, dt.date]


@dataclass(frozen=True, slots=True)
class _OfAll:
    """What is the same for all students: the measured days, and which source covers which marker on
    which module.
    """

    day: dt.date
    at: dt.datetime
    measured: Measured
    spoken: frozenset[Key]


class OwnWeeks:
    """Reads students' weeks from the lake; for any number of threads."""

    def __init__(self, lake: Lake, records: AskRecords, now: Callable[[], dt.datetime]) -> None:
        self._lake, self._records, self._now = lake, records, now
        self._lock = threading.Lock()
        self._known: _OfAll | None = None

    def read(
        self,
        student: int,
        today: dt.date,
        weeks: Sequence[TeachingWeek],
        since: Mapping[str, dt.date],
        *,
        excused: Sequence[Excuse] = (),
        with_class: bool = False,
    ) -> OwnActivity:
        """Return the student's weeks; ``since`` maps each module to their first day on it.

        ``excused``: what colleagues agreed that was not expected, beside what the sources say.
        ``with_class``: beside each week the median of the module's students, if at least
        ``LEAST_CLASS`` are on it. Raises ``LakeError`` where the lake cannot be read.
        """
        try:
            return self._read(student, today, weeks, since, excused, with_class=with_class)
        except (duckdb.Error, OSError) as error:
            # Which file it is, the next screening finds out and sets aside.
            raise LakeError(
                f"A student's weeks cannot be read ({type(error).__name__}): see lantern doctor."
            ) from None

    def _read(
        self,
        student: int,
        today: dt.date,
        weeks: Sequence[TeachingWeek],
        since: Mapping[str, dt.date],
        excused: Sequence[Excuse],
        *,
        with_class: bool,
    ) -> OwnActivity:
        of_all = self._of_all(today)
        measured = of_all.measured.of_student(student)
        fresh = {source: max(days) for source, days in measured.items() if days}
        first = today - LOOKBACK
        shown = [week for week in weeks if week.monday > first - _WEEK]
        if not shown:
            return OwnActivity((), fresh)
        rows, excuses = self._rows(student, shown[0].monday, today)
        middles = self._middles(since, shown, today) if with_class else {}
        markers = weeks_of(
            rows,
            shown,
            also=[key for key in of_all.spoken if key[0] in since],
            excuses=[*excuses, *excused],
            since=since,
            measured=measured,
            middles=middles,
        )
        return OwnActivity(markers, fresh)

    def _of_all(self, today: dt.date) -> _OfAll:
        with self._lock:
            known, now = self._known, self._now()
            if known is None or known.day != today or not known.at <= now < known.at + FRESH_FOR:
                measured = measured_days(self._lake, self._records, today)
                known = self._known = _OfAll(today, now, measured, self._spoken(today))
            return known

    def _spoken(self, today: dt.date) -> frozenset[Key]:
        files = self._lake.files(today - LOOKBACK, today - dt.timedelta(days=1)).values()
        with self._lake.workspace() as work:
            query = (
                "SELECT DISTINCT module, family, parse_filename(parse_dirpath(filename)) "
                f"FROM {rows_of(work, 'spoken_files', files)} WHERE module IS NOT NULL"
            )
            answer = work.con.execute(query).fetchall()
        return frozenset(
            (module, _FAMILIES[family], source)
            for module, family, source in answer
            if family in _FAMILIES
        )

    def _rows(
        self, student: int, first: dt.date, today: dt.date
    ) -> tuple[list[OwnRow], list[Excuse]]:
        """Return the student's rows from ``first`` to yesterday, and every excuse until then."""
        last = today - dt.timedelta(days=1)
        files = self._lake.files(first - REACH, last).values()
        rows: list[OwnRow] = []
        excuses: list[Excuse] = []
        with self._lake.workspace() as work:
            found = rows_of(work, "own_files", files)
            query = (
                "SELECT CAST(parse_filename(filename, true) AS DATE), "
                "parse_filename(parse_dirpath(filename)), coalesce(module, ''), family, "
                f"coalesce(item, ''), expected, done FROM {found} WHERE student = $student"
            )
            answer = work.con.execute(query, {"student": student}).fetchall()
        for day, source, module, family, item, expected, done in answer:
            if family == EXCUSES:
                of, what, until = [*item.split(EXTENDED_TO), "", ""][:3]
                excuses.append(Excuse(module, of, what, day, dt.date.fromisoformat(until)))
            elif family in _FAMILIES and (day >= first or family == MarkerFamily.SUBMISSIONS):
                row = OwnRow(day, source, module, _FAMILIES[family], item, expected, done)
                rows.append(row)
        return rows, excuses

    def _middles(
        self, modules: Collection[str], weeks: Sequence[TeachingWeek], today: dt.date
    ) -> dict[tuple[Key, dt.date], float]:
        """Return the median of each class with enough students, those without a row at zero."""
        last = today - dt.timedelta(days=1)
        files = self._lake.files(weeks[0].monday, last).values()
        with self._lake.workspace() as work:
            found = rows_of(work, "class_files", files)
            query = _MIDDLES.format(rows=found)
            given = {
                "roster": path_literal(self._lake.roster, quoted=False),
                "last": last,
                "modules": sorted(modules),
                "least": LEAST_CLASS,
                "counted": sorted(EXPECTING - {MarkerFamily.SUBMISSIONS}),
            }
            answer = work.con.execute(query, given).fetchall()
        return {
            ((module, _FAMILIES[family], source), monday): middle
            for module, family, source, monday, middle in answer
            if family in _FAMILIES and family != MarkerFamily.SUBMISSIONS
        }


_MIDDLES = """
WITH enrolled AS (
    SELECT DISTINCT module, student FROM read_parquet($roster)
    WHERE module IN $modules AND starts <= $last AND coalesce(ends, $last) >= $last
),
sizes AS (SELECT module, count(*) AS students FROM enrolled GROUP BY module),
daily AS (
    SELECT student, module, family, parse_filename(parse_dirpath(filename)) AS source,
        CAST(parse_filename(filename, true) AS DATE) AS day, sum(done) AS done
    FROM {rows} SEMI JOIN enrolled USING (module, student)
    GROUP BY ALL
),
weekly AS (
    SELECT student, module, family, source, CAST(date_trunc('week', day) AS DATE) AS monday,
        CASE WHEN family IN $counted THEN sum(done) ELSE count(*) FILTER (done > 0) END AS figure
    FROM daily GROUP BY student, module, family, source, monday
),
given AS (SELECT DISTINCT module, family, source, monday FROM weekly)
SELECT given.module, given.family, given.source, given.monday,
    median(coalesce(weekly.figure, 0))
FROM given
JOIN sizes ON sizes.module = given.module AND sizes.students >= $least
JOIN enrolled ON enrolled.module = given.module
LEFT JOIN weekly ON weekly.student = enrolled.student AND weekly.module = given.module
    AND weekly.family = given.family AND weekly.source = given.source
    AND weekly.monday = given.monday
GROUP BY ALL
"""
