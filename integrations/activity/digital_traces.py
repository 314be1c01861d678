"""What a student left behind, looked up for one student by one person: the last resort (§15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import duckdb

from integrations.activity.errors import is_of_the_machine, no_room, signals_go_through
from integrations.activity.lake import Lake
from integrations.activity.measured import ONE_DAY, Measured, measured_days
from integrations.activity.records import AskRecords
from store.rules.students.digital_traces import Look, Trace


def look_in(lake: Lake, records: AskRecords, *, once: bool = False) -> Look:
    """Return a look into this lake. ``once``: for a job, which judges measured days once for all.

    It reads days newest first, and stops at the first sign. Days count as delivered only where
    they are measured of this student, as a screening judges it.
    """

    known: dict[dt.date, Measured] = {}

    def look(
        student: int,
        sources: Collection[str],
        first: dt.date,
        last: dt.date,
        *,
        only_measured: bool = False,
    ) -> tuple[Trace, ...]:
        files: dict[str, dict[dt.date, Path]] = {source: {} for source in sources}
        for key, path in lake.files(first, last).items():
            if key.source in files:
                files[key.source][key.day] = path
        morning = last + ONE_DAY
        if not once or morning not in known:
            known[morning] = measured_days(lake, records, morning)
        measured = known[morning].of_student(student)
        if only_measured:
            return tuple(
                Trace(each, first, last, None, measured.get(each, frozenset()) & days.keys())
                for each, days in sorted(files.items())
            )
        with signals_go_through(), duckdb.connect(":memory:") as connection:
            return tuple(
                _trace(connection, student, source, days, first, last, measured.get(source, ()))
                for source, days in sorted(files.items())
            )

    return look


def _trace(
    connection: duckdb.DuckDBPyConnection,
    student: int,
    source: str,
    days: dict[dt.date, Path],
    first: dt.date,
    last: dt.date,
    measured: Collection[dt.date],
) -> Trace:
    read: set[dt.date] = set()
    seen: dt.date | None = None
    for day in sorted(days, reverse=True):
        try:
            found = connection.execute(
                "SELECT 1 FROM read_parquet(?) WHERE student = ? AND done > 0 LIMIT 1",
                [str(days[day]), student],
            ).fetchone()
        except duckdb.Error as error:
            if is_of_the_machine(error):
                raise no_room(days[day].name, error) from None
            continue  # a damaged day is a day of which nothing is known
        read.add(day)
        if found and seen is None:
            seen = day
    return Trace(source, first, last, seen, frozenset(read & set(measured)))
