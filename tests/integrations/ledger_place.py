"""A delivery ledger with a few invented students, and the rows of its lake's days."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import duckdb
import pytest

from integrations.activity.lake import Lake
from integrations.feeds.events_csv import load_events
from integrations.feeds.ledger.deliveries import Ledger, Window
from integrations.feeds.loading import LoadReport, Period, Terms
from store.encryption import Encryption
from tests.integrations.event_feed import HEADER
from tests.integrations.small_lake import files_under

OCTOBER = [dt.date(2025, 10, day) for day in range(1, 32)]
STUDENTS = {"0100": 1, "0200": 2, "0300": 3}
SCHOOLS = {"FRE1": "LANG", "FRE2": "LANG", "BIO1": "SCI"}
ARRIVED = dt.datetime(2025, 11, 3, 5, tzinfo=dt.UTC)
SEAL = Encryption("a key of these tests")


class Place:
    """A lake, and deliveries to it that arrive one minute apart."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.lake = Lake(folder / "lake")
        self.ledger = Ledger(self.lake)
        self._minutes = itertools.count()

    def deliver(
        self,
        *rows: str,
        covers: Period | None = None,
        complete: bool = False,
        schools: tuple[str, ...] = (),
        arrived: dt.datetime | None = None,
        seal: Encryption | None = None,
        today: dt.date | None = None,
        polled: Window | None = None,
        polls: tuple[Period, ...] = (),
    ) -> LoadReport:
        path = self.folder / "d.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        terms = Terms(
            arrived=arrived or ARRIVED + dt.timedelta(minutes=next(self._minutes)),
            today=today,
            complete=complete,
            schools=schools,
            seal=seal,
            polled=polled,
            covered=polls,
        )
        return load_events(
            self.lake, path, "moodle", STUDENTS.items(), SCHOOLS, covers, terms=terms
        )

    def rows(self) -> list[tuple[str, int, str, int]]:
        """Return (day, student, module, done) of every row in the lake."""
        return [
            (str(which.day), row[0], row[1], row[5])
            for which, path in sorted(self.lake.files(dt.date.min, dt.date.max).items())
            for row in duckdb.read_parquet(str(path)).fetchall()
        ]

    def made(self) -> dict[str, bytes]:
        """Return every file of the lake's days."""
        return files_under(self.folder / "lake" / "activity")

    def known(self) -> list[int]:
        """Return the days of October that have data."""
        found = self.lake.days_delivered(OCTOBER[0], OCTOBER[-1]).get("moodle", frozenset())
        return sorted(day.day for day in found)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "place")


def saw(number: str, day: int, module: str = "FRE1", count: int = 1) -> str:
    return f"{number},{module},vle,done,2025-10-{day:02},,{count}"
