"""Look up the digital traces of one student, for one colleague: the last resort (§15)."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import cast

import duckdb

from integrations.activity.errors import is_of_the_machine, no_room
from integrations.activity.lake import Lake
from integrations.activity.measured import ONE_DAY, Measured, measured_days
from integrations.activity.records import AskRecords
from integrations.activity.relations import rows_of
from integrations.activity.scratch_database import ScratchDatabase
from store.rules.students.digital_traces import Look, Trace


def look_in(lake: Lake, records: AskRecords, *, once: bool = False) -> Look:
    """Return a function that looks up traces in this lake.

    ``once``: for a job, which determines the measured days only once. Days count as delivered only
    where they are measured for this student, as in a screening.
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
        with lake.workspace() as work:
            found = {source: _read(work, student, days) for source, days in sorted(files.items())}
        return tuple(
            Trace(source, first, last, seen, frozenset(read & measured.get(source, frozenset())))
            for source, (seen, read) in found.items()
        )

    return look


def _read(
    work: ScratchDatabase, student: int, days: Mapping[dt.date, Path]
) -> tuple[dt.date | None, set[dt.date]]:
    """Return the student's last active day among these, and the days that could be read.

    A damaged day is unknown. Only where there is one are the days read one by one.
    """
    try:
        return _newest(work, student, days.values()), set(days)
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise no_room("What a student left behind", error) from None
        if len(days) == 1:
            return None, set()
    each = [_read(work, student, {day: path}) for day, path in days.items()]
    return max((seen for seen, _ in each if seen), default=None), set().union(*(r for _, r in each))


def _newest(work: ScratchDatabase, student: int, files: Iterable[Path]) -> dt.date | None:
    rows = rows_of(work, "traces", files)
    query = f"SELECT max(day) FROM {rows} WHERE student = $student AND done > 0"
    found = work.con.execute(query, {"student": student}).fetchall()
    return cast("dt.date | None", found[0][0])
