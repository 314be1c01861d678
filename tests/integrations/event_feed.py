"""A lake, and files that are delivered to it, for tests of the event feed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from integrations.activity.lake import Lake
from integrations.feeds.events_csv import load_events
from integrations.feeds.loading import ON_NO_TERMS, LoadReport, Period, Terms

HEADER = "student_number,module,family,kind,at,item,count\n"
GOOD = "100,FRE1,vle,done,2025-10-06,,\n"
OCTOBER_6 = dt.date(2025, 10, 6)
STUDENTS = [("100", 1), ("200", 2), ("0300", 3)]
MODULES = ["FRE1", "HIS1"]

Row = tuple[str, int, str, str, str | None, int, int]


class Feed:
    """A lake and a folder to which files are delivered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lake = Lake(folder / "lake")

    def load(
        self,
        content: str | bytes,
        covers: Period | None = None,
        name: str = "events.csv",
        terms: Terms = ON_NO_TERMS,
    ) -> LoadReport:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_events(self.lake, path, "moodle", STUDENTS, MODULES, covers, terms=terms)

    def rows(self) -> list[Row]:
        """Return (day, student, module, family, item, expected, done) of every row in the lake."""
        days = self.lake.files(dt.date.min, dt.date.max)
        return [
            (str(which.day), *row)
            for which, path in sorted(days.items())
            for row in duckdb.read_parquet(str(path)).fetchall()
        ]

    def days(self) -> list[str]:
        return [str(which.day) for which in sorted(self.lake.files(dt.date.min, dt.date.max))]


def reasons(report: LoadReport) -> list[tuple[int, str]]:
    """Return (line, reason) of every rejected row."""
    return [(row.line, row.reason) for row in report.rejected]
