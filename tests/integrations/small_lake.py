"""A small lake, written row by row, for tests that need exact events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import COLUMNS, Lake, RosterRow
from integrations.activity.records import AskRecords
from integrations.activity.relations import AgreedSource
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence
from store.rules.model import MarkerFamily

MONDAY = dt.date(2025, 11, 17)
"""The screened day of most tests."""


def before(days: int) -> dt.date:
    """Return the day this many days before the screened day; 1 is the last day that counts."""
    return MONDAY - dt.timedelta(days=days)


TERM = dt.date(2025, 9, 22)
VLE = AgreedSource("LANG", MarkerFamily.VLE, "moodle")
REGISTER = AgreedSource("LANG", MarkerFamily.ATTENDANCE, "register")
WORK = AgreedSource("LANG", MarkerFamily.SUBMISSIONS, "turned-in")
SILENT = {"LANG": Criterion(silent_since=before(15))}
MISSED = {"LANG": Criterion(missed_due_from=before(42), missed_due_by=before(8), arrived_share=0.5)}


class Event(NamedTuple):
    """One rollup row, with its source and day."""

    source: str
    day: dt.date
    student: int
    module: str
    family: str
    item: str | None
    expected: int
    done: int


def did(student: int, day: dt.date, module: str = "FRE1", source: str = "moodle") -> Event:
    """Return an event: the student opened something in the virtual learning environment."""
    return Event(source, day, student, module, "vle", None, 0, 1)


def due(student: int, day: dt.date, item: str = "Essay") -> Event:
    """Return an event: the student was expected to hand this in."""
    return Event("turned-in", day, student, "FRE1", "submissions", item, 1, 0)


def handed_in(student: int, day: dt.date, item: str = "Essay") -> Event:
    """Return an event: the student handed this in."""
    return Event("turned-in", day, student, "FRE1", "submissions", item, 0, 1)


def write(lake: Lake, events: Iterable[Event], days: Sequence[tuple[str, dt.date]] = ()) -> None:
    """Replace every day of these events, and empty those of ``days`` that have none."""
    ordered = sorted(events, key=lambda event: event[:2])
    of_day = {key: list(rows) for key, rows in groupby(ordered, key=lambda event: event[:2])}
    with lake.workspace() as work:
        for source, day in sorted(of_day.keys() | set(days)):
            rows = (event[2:] for event in of_day.get((source, day), []))
            work.table("one_day", COLUMNS, rows)
            lake.replace_day(work, source, day, "FROM one_day ORDER BY ALL")


def files_under(folder: Path) -> dict[str, bytes]:
    """Return every file and its content, except locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def unfinished(lake_root: Path) -> list[str]:
    """Return the files left over from work in progress."""
    return [path.name for path in (lake_root / ".work").iterdir() if path.name != ".lock"]


class School:
    """A lake with a class on French 1, numbered 1 to 4."""

    def __init__(self, lake: Lake, roster: Sequence[RosterRow] | None = None) -> None:
        self.lake = lake
        self.records: AskRecords | None = None
        default = [(s, "LANG", "FRE1", "LANG", TERM, None) for s in range(1, 5)]
        lake.write_roster(default if roster is None else roster)

    def caught(
        self,
        criteria: Mapping[str, Criterion],
        agreed: Collection[AgreedSource] = (VLE, REGISTER, WORK),
        also: Collection[int] = (),
        school: str = "LANG",
        met: Collection[tuple[int, dt.date]] = (),
    ) -> list[Evidence]:
        engine = ActivityEngine(self.lake, self.records)
        return dict(engine.evidence(MONDAY, agreed, criteria, also, met=met))[school]

    def students(self, criteria: Mapping[str, Criterion]) -> list[int]:
        return [evidence.student for evidence in self.caught(criteria)]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def school(lake: Lake) -> School:
    return School(lake)
