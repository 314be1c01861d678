"""One presentation of the data set: its students' outcomes, and a lake of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from integrations.activity.lake import Lake
from integrations.feeds.csv_tables import TextTable
from integrations.feeds.oulad import load_oulad, read_oulad
from integrations.feeds.oulad_files import SCHOOL, OuladFiles
from worker.evaluate.split_files import take_apart

START = dt.date(2013, 10, 7)
"""Stands for day 0 of every presentation; the data set gives no dates."""

GROUPS = ("disability", "imd_band", "age_band", "gender")
"""The groups compared for fairness afterwards. None of them is ever an input to a flag (§17)."""

_RESULTS = frozenset({"pass", "distinction", "fail", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Student:
    """A student who was registered on day 0 or later, both days of the registration included."""

    number: int
    starts: int
    ends: int
    withdrew: bool
    failed: bool
    groups: Mapping[str, str]

    @property
    def needed_help(self) -> bool:
        """Return whether the student withdrew or failed, so that a flag was right."""
        return self.withdrew or self.failed

    def is_registered(self, day: int) -> bool:
        """Return whether the student was still registered on that day."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Presentation:
    """One run of a module. Days count from its start; ``last_day`` is the last one replayed."""

    name: str
    students: Mapping[int, Student]
    last_day: int
    lake: Lake


class SplitFolder:
    """The data set's folder, its presentations apart under ``room``.

    Each is loaded by itself: the data set counts days from the start of each presentation, so a
    student's two years would overlap. Raises ``FeedError`` where a file is missing or cannot be
    read.
    """

    def __init__(self, folder: Path, room: Path) -> None:
        files = OuladFiles(folder, START)
        self.lengths = files.presentations()
        """Presentation → its days."""
        self._places = take_apart(files, room, GROUPS)

    @property
    def names(self) -> list[str]:
        """Name the presentations that courses.csv lists with their length."""
        return list(self._places)

    @property
    def size(self) -> int:
        """Return the bytes of all clicks together."""
        return sum((each / "studentVle.csv").stat().st_size for each in self._places.values())

    def place(self, name: str) -> Path:
        """Return the folder with the files of one presentation."""
        return self._places[name]

    def discard(self, name: str) -> None:
        """Delete the files of a presentation that is not needed again."""
        rmtree(self._places[name], ignore_errors=True)


def load(name: str, place: Path) -> Presentation | str:
    """Load a presentation from its own folder; return the reason where it cannot be evaluated."""
    found = _load(name, place)
    if not found.students:
        return (
            "studentInfo.csv has no result (Pass, Distinction, Fail or Withdrawn) for anyone who "
            "was registered on day 0 or later."
        )
    if found.last_day < 1:
        return "studentVle.csv has no clicks by its students while it ran."
    return found


def presentations(folder: Path, room: Path) -> Iterator[Presentation]:
    """Yield each presentation of the folder that can be evaluated, with a lake under ``room``.

    Raises ``FeedError`` as ``SplitFolder`` does.
    """
    split = SplitFolder(folder, room)
    for name in split.names:
        found = load(name, split.place(name))
        if not isinstance(found, str):
            yield found


def _load(name: str, own: Path) -> Presentation:
    lake = Lake(own / "lake")
    roster = read_oulad(own, START).roster
    enrolled = {each.number: each for each in roster.enrolments}
    # Who left before day 0 is on the roster as well: their rows are no rows of unknown people.
    everyone = dict.fromkeys((*enrolled, *(each.number for each in roster.students)))
    numbers = {text: number for number, text in enumerate(everyone, 1)}
    clicks, _ = load_oulad(lake, own, START, numbers.items())
    lake.write_roster(
        (numbers[e.number], SCHOOL, e.module, SCHOOL, e.starts, e.ends) for e in enrolled.values()
    )
    students = {
        numbers[number]: Student(
            number=numbers[number],
            starts=_day(enrolled[number].starts),
            ends=_day(enrolled[number].ends),
            withdrew=result == "withdrawn",
            failed=result == "fail",
            groups=groups,
        )
        for number, result, groups in _outcomes(own)
        if number in enrolled and result in _RESULTS
    }
    seen = max((_day(day) + 1 for day in clicks.days), default=0)
    longest = max((student.ends for student in students.values()), default=0)
    return Presentation(name, students, min(seen, longest), lake)


def _outcomes(own: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield each student's number, outcome and groups; "unknown" for a group without a value."""
    table = TextTable(own / "studentInfo.csv", ("id_student", "final_result", *GROUPS))
    for _, (number, result, *groups) in table:
        named = zip(GROUPS, (group or "unknown" for group in groups), strict=True)
        yield number, result.casefold(), dict(named)


def _day(day: dt.date | None) -> int:
    return ((day or START) - START).days
