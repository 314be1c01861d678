"""The data set taken apart: one presentation, its students' outcomes, a lake of its own."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.activity.lake import Lake
from integrations.feeds.oulad import load_oulad, read_oulad
from integrations.feeds.oulad_files import SCHOOL, OuladFiles
from integrations.feeds.text_files import FeedError

START = dt.date(2013, 10, 7)
"""Stands for day 0 of every presentation; the data set says no dates."""

GROUPS = ("disability", "imd_band", "age_band", "gender")
"""What is looked at for fairness afterwards. None of it is ever an input to a flag (§17)."""

_FILES = ("courses", "assessments", "studentRegistration", "studentVle", "studentInfo")


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who was registered on day 0 or later, both days of the registration included."""

    number: int
    starts: int
    ends: int
    withdrew: bool
    failed: bool
    groups: Mapping[str, str]

    @property
    def needed_help(self) -> bool:
        """Withdrew or failed: whom a flag would have been right for."""
        return self.withdrew or self.failed

    def is_registered(self, day: int) -> bool:
        """Whether they were still there on that day."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Presentation:
    """One run of a module. Days count from its start; ``last_day`` is the last one replayed."""

    name: str
    students: Mapping[int, Student]
    last_day: int
    lake: Lake


def presentations(folder: Path, room: Path) -> Iterator[Presentation]:
    """Each presentation of the folder in turn, with a lake under ``room``.

    Each is loaded by itself: the data set counts every presentation's days from its own start,
    so that a student's two years must not fall together. Raises ``FeedError`` where a file is
    missing or cannot be read.
    """
    for name in sorted(OuladFiles(folder, START).presentations()):
        own = room / name
        own.mkdir()
        _copy(folder, own, name)
        found = _load(name, own)
        if found.students and found.last_day > 0:
            yield found


def _copy(folder: Path, own: Path, name: str) -> None:
    """Copy what belongs to this presentation."""
    reader = OuladFiles(folder, START)
    files = {stem: str(reader.file(stem)) for stem in (*_FILES, "studentAssessment")}
    with duckdb.connect() as con:
        try:
            for stem in _FILES:
                con.execute(
                    f"COPY (FROM {_rows(files[stem])} "
                    f"WHERE concat(code_module, '-', code_presentation) = {_text(name)}) "
                    f"TO {_text(own / f'{stem}.csv')} (HEADER)"
                )
            con.execute(
                f"COPY (FROM {_rows(files['studentAssessment'])} WHERE id_assessment IN "
                f"(SELECT id_assessment FROM {_rows(own / 'assessments.csv')})) "
                f"TO {_text(own / 'studentAssessment.csv')} (HEADER)"
            )
        except duckdb.Error as error:
            raise FeedError(f"{folder.name} cannot be read: {type(error).__name__}.") from None


def _rows(path: str | Path) -> str:
    return f"read_csv({_text(path)}, header = true, all_varchar = true)"


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _load(name: str, own: Path) -> Presentation:
    lake = Lake(own / "lake")
    roster = read_oulad(own, START).roster
    enrolled = {each.number: each for each in roster.enrolments}
    numbers = {text: number for number, text in enumerate(enrolled, 1)}
    clicks, _ = load_oulad(lake, own, START, numbers.items())
    lake.write_roster(
        (numbers[e.number], SCHOOL, e.module, SCHOOL, e.starts, e.ends) for e in enrolled.values()
    )
    students = {
        numbers[row["id_student"]]: Student(
            number=numbers[row["id_student"]],
            starts=(enrolled[row["id_student"]].starts - START).days,
            ends=_day(enrolled[row["id_student"]].ends),
            withdrew=row["final_result"] == "Withdrawn",
            failed=row["final_result"] == "Fail",
            groups={group: row[group] or "unknown" for group in GROUPS},
        )
        for row in _outcomes(own)
        if row["id_student"] in numbers
    }
    seen = _day(max(clicks.days, default=START))
    longest = max((student.ends for student in students.values()), default=0)
    return Presentation(name, students, min(seen + 1, longest), lake)


def _outcomes(own: Path) -> Iterator[dict[str, str]]:
    """What became of each student, and their groups as far as the file has them."""
    needed = ("id_student", "final_result")
    with duckdb.connect() as con:
        found = con.execute(f"FROM {_rows(own / 'studentInfo.csv')}")
        columns = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    missing = [name for name in needed if name not in columns]
    if missing:
        raise FeedError(f"studentInfo.csv: no column {missing[0]}.")
    for row in rows:
        yield dict.fromkeys(GROUPS, "") | dict(zip(columns, row, strict=True))


def _day(day: dt.date | None) -> int:
    return ((day or START) - START).days
