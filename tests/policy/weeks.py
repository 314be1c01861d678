"""The data of an invented university's sources for a range of days.

Every source has rows on every weekday, so a day without a file is a day that was not delivered, and
not a day without activity.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from tests.policy.people import STUDENTS, Habit, Student, write_rows

COLUMNS = ("student_number", "module", "family", "kind", "at", "item", "count", "until")
SOURCES: Mapping[str, tuple[str, ...]] = {
    "registers": ("attendance", "meetings", "cocurricular"),
    "learning-space": ("vle", "recordings"),
    "hand-in": ("submissions",),
}
"""Source → the families that it reports."""
ESSAYS = {"Essay 1": dt.date(2026, 11, 6), "Essay 2": dt.date(2026, 12, 11)}
"""Item → the day it is due, in every student's first module."""

Row = tuple[str, ...]


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return every day, both ends included."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def row(who: Student | str, module: str, family: str, kind: str, at: dt.date | str,
        item: str = "", count: str = "1", until: str = "") -> Row:  # fmt: skip
    """Return one row of the event feed."""
    number = who if isinstance(who, str) else who.number
    return (number, module, family, kind, str(at), item, count, until)


def write_weeks(
    folder: Path,
    first: dt.date,
    last: dt.date,
    habits: Mapping[str, Habit] | None = None,
    *,
    without: Collection[str] = (),
    students: Iterable[Student] = STUDENTS,
    seed: int = 0,
) -> dict[str, Path]:
    """Write one file for each source, ``<folder>/<source>/<first>-<last>.csv``; return source →
    file.

    ``habits`` (number → habit) gives students whose habit has changed. ``without`` names sources
    that deliver nothing.
    """
    chance = random.Random(f"{seed} {first} {last}")
    rows: dict[str, list[Row]] = {source: [] for source in SOURCES if source not in without}
    for who in students:
        habit = (habits or {}).get(who.number, who.habit)
        for source in rows:
            for day in days_between(first, last):
                if day.weekday() < 5:
                    for family in SOURCES[source]:
                        rows[source] += _MADE[family](who, habit, day, chance)
    return {
        source: write_rows(folder / source / f"{first}-{last}.csv", COLUMNS, made)
        for source, made in rows.items()
        if made
    }


def _registers(who: Student, habit: Habit, day: dt.date, _chance: random.Random) -> Iterator[Row]:
    module = who.modules[day.weekday() % len(who.modules)]
    at = f"{day}T10:00"
    nth = day.toordinal() // 7 * len(who.modules) + day.weekday()
    yield row(who, module, "attendance", "expected", at, "Seminar")
    comes = nth % habit.comes_to_every == 0 and module not in habit.skips
    if habit.is_there(day) and comes:
        yield row(who, module, "attendance", "done", at, "Seminar")


def _clicks(who: Student, habit: Habit, day: dt.date, chance: random.Random) -> Iterator[Row]:
    is_single = habit.clicks_only_on == day.weekday() and habit.begins <= day <= habit.until
    if is_single or day in habit.back:
        yield row(who, who.modules[0], "vle", "done", f"{day}T22:10", count="1")
    elif habit.is_there(day):
        for module in who.modules:
            count = str(chance.randint(3, 30))
            yield row(who, module, "vle", "done", f"{day}T{chance.randint(8, 21):02}:15", "", count)


def _hand_ins(who: Student, habit: Habit, day: dt.date, _chance: random.Random) -> Iterator[Row]:
    for item, due in ESSAYS.items():
        module = who.modules[0]
        if day == due:
            yield row(who, module, "submissions", "expected", due, item)
        if day == due - dt.timedelta(days=1) and habit.hands_in and habit.is_there(day):
            yield row(who, module, "submissions", "done", f"{day}T16:00", item)
    if who.writes_notes and int(who.number[1:]) % 5 == day.weekday():
        for kind in ("expected", "done") if habit.is_there(day) else ("expected",):
            yield row(who, who.modules[-1], "submissions", kind, day, f"Reading note {day}")


def _diary(who: Student, habit: Habit, day: dt.date, _chance: random.Random) -> Iterator[Row]:
    if (int(who.number[1:]) + day.toordinal()) % 10 < 2:
        yield row(who, who.modules[0], "meetings", "expected", f"{day}T14:00", "Adviser")
        if habit.is_there(day) and habit.keeps_meetings:
            yield row(who, who.modules[0], "meetings", "done", f"{day}T14:00", "Adviser")


def _lectures(who: Student, habit: Habit, day: dt.date, chance: random.Random) -> Iterator[Row]:
    if habit.is_there(day) and chance.random() < 0.5:
        yield row(who, who.modules[0], "recordings", "done", f"{day}T19:00")


def _skills(who: Student, habit: Habit, day: dt.date, chance: random.Random) -> Iterator[Row]:
    if habit.is_there(day) and chance.random() < 0.3:
        yield row(who, who.modules[0], "cocurricular", "done", f"{day}T12:00")


_MADE: Mapping[str, Callable[[Student, Habit, dt.date, random.Random], Iterator[Row]]] = {
    "attendance": _registers,
    "vle": _clicks,
    "submissions": _hand_ins,
    "meetings": _diary,
    "recordings": _lectures,
    "cocurricular": _skills,
}
