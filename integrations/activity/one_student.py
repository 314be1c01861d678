"""Read all activity of one student, for that student."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from integrations.activity.lake import Lake
from integrations.activity.relations import rows_of


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One source on one day: how many things were expected, and how many done."""

    day: dt.date
    source: str
    module: str
    family: str
    item: str
    expected: int
    done: int


def activity_of(lake: Lake, student: int) -> Iterator[ActivityRow]:
    """Return the student's rows by day and source; a day without a row has no data on them."""
    files = lake.files(dt.date.min, dt.date.max).values()
    with lake.workspace() as work:
        rows = rows_of(work, "every_day", files)
        query = f"""
            SELECT filename, module, family, coalesce(item, ''), expected, done
            FROM {rows} WHERE student = $student ORDER BY ALL
        """  # noqa: S608
        for name, *row in work.con.execute(query, {"student": student}).fetchall():
            path = Path(name)
            yield ActivityRow(dt.date.fromisoformat(path.stem), path.parent.name, *row)
