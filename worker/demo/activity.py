"""Eight weeks of what the demo's students did, as the CSV files that a university would deliver.

Weekdays are busier than weekends, the days before a deadline are busiest. The same day gives the
same files to the byte. In every file one row is wrong, so that quarantine has something to show.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from worker.demo.habits import Habit, habits
from worker.demo.people import CLASS_SIZE, SCHOOLS, SEED, DemoSchool

WEEKS = 8

_COLUMNS = ("student_number", "module", "family", "kind", "at", "item", "count")
_SESSIONS = ((0, 2), (1, 3), (0, 3), (2, 4))
"""The weekdays on which each of a school's four modules meets."""
_WITH_ESSAY = (0, 2)
"""Which of the four set essays."""
_WITH_TALK = 1
"""Which of the four sets a talk instead: its first work, due soon after the demo's morning."""

TALK = "Talk"

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Student:
    number: str
    habit: Habit
    modules: tuple[tuple[int, str], ...]
    """Each with its place among the school's modules."""


@dataclass(frozen=True, slots=True)
class _Term:
    first: dt.date
    last: dt.date
    deadlines: tuple[dt.date, dt.date]
    talk: dt.date
    """The day on which the talk is due."""

    @property
    def days(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def covers(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the files cover: eight weeks up to the day before."""
    return day - dt.timedelta(days=7 * WEEKS), day - dt.timedelta(days=1)


def _deadlines(last: dt.date) -> tuple[dt.date, dt.date]:
    """Return two Fridays: one about five weeks ago, one after which any grace is over."""
    latest = last - dt.timedelta(days=12)
    essay = latest - dt.timedelta(days=(latest.weekday() - 4) % 7)
    return essay - dt.timedelta(days=21), essay


def _talk_on(day: dt.date) -> dt.date:
    """Return the last weekday of the three days after the demo's morning."""
    ahead = (day + dt.timedelta(days=n) for n in (3, 2, 1))
    return next(each for each in ahead if each.weekday() < 5)


def write_coming_work(folder: Path, day: dt.date) -> Path:
    """Write what is due soon after ``day``, as the hand-in's plan: ``<folder>/coming.csv``."""
    due = f"{_talk_on(day)}"
    rows = [
        (number, school.modules[_WITH_TALK][0], "submissions", "expected", due, TALK, "1")
        for school in SCHOOLS
        for index in range(CLASS_SIZE)
        if school.modules[_WITH_TALK][0] in school.modules_of(index)
        for number in [school.number(index)]
    ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "coming.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_COLUMNS, *rows])
    return path


def write_activity(folder: Path, day: dt.date, silent_after: Mapping[str, int]) -> dict[str, Path]:
    """Write one file for each source, as ``<folder>/<source>/activity.csv``.

    ``silent_after`` maps a school's code to the days of inactivity after which its policy raises
    a flag.
    """
    first, last = covers(day)
    term = _Term(first, last, _deadlines(last), _talk_on(day))
    students = [each for school in SCHOOLS for each in _students(school, day, silent_after)]
    return _write(folder, "activity.csv", students, term, with_bad_rows=True)


def write_more_activity(
    folder: Path, day: dt.date, silent_after: Mapping[str, int], first: dt.date, last: dt.date
) -> dict[str, Path]:
    """Write the files for days after ``day``. Students who were inactive on that day stay
    inactive."""
    term = _Term(first, last, _deadlines(covers(day)[1]), _talk_on(day))
    students = [
        _stays_away(each, day, last)
        for school in SCHOOLS
        for each in _students(school, day, silent_after)
    ]
    return _write(folder, f"activity-{last}.csv", students, term, with_bad_rows=False)


def split_off(file: Path, later: Path, since: dt.date) -> None:
    """Move a file's rows from a day on into another, as a later delivery. Wrong rows stay."""
    with file.open(encoding="utf-8", newline="") as whole:
        header, *rows = csv.reader(whole)
    at = _COLUMNS.index("at")
    wrong = {bad for _, _, bad in _SOURCES}
    is_later = [tuple(row) not in wrong and row[at][:10] >= f"{since}" for row in rows]
    later.parent.mkdir(parents=True, exist_ok=True)
    for path, wanted in ((file, False), (later, True)):
        kept = [row for row, after in zip(rows, is_later, strict=True) if after is wanted]
        with path.open("w", encoding="utf-8", newline="") as part:
            csv.writer(part).writerows([header, *kept])


def _stays_away(student: _Student, day: dt.date, last: dt.date) -> _Student:
    away = student.habit.away
    if away is None or away[1] < day:
        return student
    return replace(student, habit=replace(student.habit, away=(away[0], last)))


def _write(
    folder: Path, name: str, students: Sequence[_Student], term: _Term, *, with_bad_rows: bool
) -> dict[str, Path]:
    chance = random.Random(f"{SEED} {term.last + dt.timedelta(days=1)}")  # noqa: S311 -- invented data, not secrets
    written = {}
    for source, rows_of, bad in _SOURCES:
        path = folder / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = list(chain.from_iterable(rows_of(each, term, chance) for each in students))
        if with_bad_rows:
            rows.insert(len(rows) // 2, bad)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([_COLUMNS, *rows])
        written[source] = path
    return written


def _students(
    school: DemoSchool, day: dt.date, silent_after: Mapping[str, int]
) -> Iterator[_Student]:
    unlike = habits(day, silent_after[school.code])
    places = {code: at for at, (code, _) in enumerate(school.modules)}
    for index in range(CLASS_SIZE):
        habit = unlike.get(index, Habit(misses_every=4 + index % 6))
        modules = tuple((places[code], code) for code in school.modules_of(index))
        yield _Student(school.number(index), habit, modules)


def _registers(student: _Student, term: _Term, _chance: random.Random) -> Iterator[Row]:
    """Yield every session on the timetable, and each that the student attended."""
    for nth, (place, module) in enumerate(student.modules):
        sessions = [day for day in term.days if day.weekday() in _SESSIONS[place]]
        for number, day in enumerate(sessions):
            row = (f"{day}T{9 + 2 * place:02}:00", f"Seminar, {day:%A}", "1")
            yield student.number, module, "attendance", "expected", *row
            there = not student.habit.is_away(day) and not _is_gone_from(student, place, day)
            if there and _comes(student.habit, nth, number):
                yield student.number, module, "attendance", "done", *row


def _is_gone_from(student: _Student, place: int, day: dt.date) -> bool:
    """Return whether the student has not been in the module with the talk for some time."""
    gone = student.habit.gone_from_one
    return place == _WITH_TALK and gone is not None and day >= gone


def _comes(habit: Habit, module: int, session: int) -> bool:
    if module < habit.seldom_in:
        return session % 3 == 0
    return not habit.misses_every or session % habit.misses_every != module


def _clicks(student: _Student, term: _Term, chance: random.Random) -> Iterator[Row]:
    """Clicks in the online learning space."""
    for day in term.days:
        if student.habit.is_away(day):
            continue
        near = any(0 <= (due - day).days <= 3 for due in term.deadlines)
        likely = 0.6 if near else 0.06 if day.weekday() > 4 else 0.3
        for nth, (place, module) in enumerate(student.modules):
            last_trace = nth == 0 and student.habit.is_last_before(day)
            if chance.random() < likely or last_trace:
                at = f"{day}T{chance.randint(8, 22):02}:{chance.randint(0, 59):02}"
                count = str(chance.randint(3, 60 if near else 25))
                if not _is_gone_from(student, place, day):
                    yield student.number, module, "vle", "done", at, "", count


def _hand_ins(student: _Student, term: _Term, chance: random.Random) -> Iterator[Row]:
    """Yield what was due and what was submitted: some days early, mostly at the last moment."""
    missing = student.habit.essays_missing
    setting = [module for place, module in student.modules if place in _WITH_ESSAY]
    for item, due in zip(("Exercise 1", "Essay 1"), term.deadlines, strict=True):
        if not term.first <= due <= term.last:
            continue
        for nth, module in enumerate(setting):
            yield student.number, module, "submissions", "expected", f"{due}", item, "1"
            day = due - dt.timedelta(days=chance.choice((0, 0, 0, 1, 1, 2, 4)))
            if student.habit.is_away(day) and student.habit.away:
                # A student who fell silent shortly before the deadline had handed in by then.
                day = student.habit.away[0] - dt.timedelta(days=1)
                if (due - day).days > 4:
                    continue
            if not (item == "Essay 1" and nth < missing):
                at = f"{day}T{chance.randint(9, 23):02}:{chance.randint(0, 59):02}"
                yield student.number, module, "submissions", "done", at, item, "1"
    for place, module in student.modules:
        if place == _WITH_TALK and term.first <= term.talk <= term.last:
            on = f"{term.talk}"
            yield student.number, module, "submissions", "expected", on, TALK, "1"
            if not (student.habit.is_away(term.talk) or student.habit.gone_from_one):
                yield student.number, module, "submissions", "done", f"{on}T15:00", TALK, "1"


_SOURCES: tuple[tuple[str, Callable[[_Student, _Term, random.Random], Iterator[Row]], Row], ...] = (
    (
        "registers",
        _registers,
        ("L9999", "LAN101", "attendance", "done", "2026-02-30T10:00", "Seminar, Monday", "1"),
    ),
    ("learning-space", _clicks, ("L1001", "LAN101", "vle", "done", "yesterday", "", "4")),
    ("hand-in", _hand_ins, ("L1001", "LAN101", "submissions", "maybe", "2026-11-02", "", "1")),
)
