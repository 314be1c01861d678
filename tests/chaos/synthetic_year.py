"""A synthetic year of two schools: registers, clicks, and random deadlines.

Some weeks have no deadline and some have those of every module. Most students submit around the due
date, and a few in a hundred never submit.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.chaos.outage_kinds import Row
from tests.policy.people import GLAS, MODULES, RIVE, TERM, Habit, Student, write_roster
from tests.policy.weeks import SOURCES, row, write_weeks

CLOSED = (dt.date(2026, 12, 21), dt.date(2027, 1, 3))
WORKS = 7
"""Assignments of a module in half a year."""
SHARED = (6, 10, 18, 23)
"""Weeks in which many modules have a deadline."""
ESSAY = {-9: 0.02, -6: 0.05, -4: 0.06, -3: 0.09, -2: 0.1, -1: 0.24, 0: 0.34, 1: 0.03, 4: 0.03}
"""Days after the due date → the share of the students who submit an essay on that day."""
TEST = {0: 0.96}


@dataclass(frozen=True)
class Work:
    """An assignment: an essay, or a test on the day itself."""

    module: str
    item: str
    due: dt.date
    is_test: bool

    def handed_in(self, who: Student) -> dt.date | None:
        """Return the day on which this student submits it; None: never."""
        chance = random.Random(f"{who.number} {self.module} {self.item}")
        left = chance.random()
        for days, share in (TEST if self.is_test else ESSAY).items():
            left -= share
            if left < 0:
                day = max(TERM, self.due + dt.timedelta(days=days))
                while not has_classes(day):
                    day -= dt.timedelta(days=1)
                return day if who.habit.is_there(day) and who.habit.hands_in else None
        return None


@dataclass(frozen=True)
class Year:
    """The length and the number of students. The first ``warm`` weeks are loaded at once, without a
    screening."""

    weeks: int = 26
    students: int = 120
    warm: int = 0
    seed: int = 1

    name = "a synthetic year"
    sources = tuple(SOURCES)
    schools = (frozenset(MODULES[GLAS]), frozenset(MODULES[RIVE]))

    def roster(self, folder: Path) -> Path:
        """Write the roster's files."""
        return write_roster(folder, self.people)

    def has_data(self, day: dt.date) -> bool:
        """Return whether the sources deliver this day."""
        return has_classes(day)

    def rows(self, home: Path, source: str, first: dt.date, last: dt.date) -> list[Row]:
        """Return a source's rows for these days."""
        if source == "hand-in":
            return list(self._hand_ins(first, last))
        others = set(SOURCES) - {source}
        made = write_weeks(home / "made", first, last, without=others, students=self.people)
        if source not in made:
            return []
        with made[source].open(encoding="utf-8", newline="") as file:
            rows: list[Row] = list(csv.reader(file))
            return [each for each in rows[1:] if has_classes(dt.date.fromisoformat(each[4][:10]))]

    @cached_property
    def people(self) -> list[Student]:
        """The students, half in each school. A quarter need attention at some time."""
        chance = random.Random(f"outages {self.seed}")
        made = []
        for school, number in ((GLAS, 6001), (RIVE, 8001)):
            for n in range(self.students // 2):
                habit = Habit()
                gone = TERM + dt.timedelta(days=chance.randrange(7, 7 * self.weeks - 24))
                if n % 8 == 0:
                    habit = Habit(until=gone)
                elif n % 8 == 1:
                    habit = Habit(skips=MODULES[school][:1])
                made.append(
                    Student(
                        f"{school[0]}{number + n}", "Ald", "Brimwick", school, habit=habit,
                        programme="BA Glass", modules=MODULES[school],
                    )
                )  # fmt: skip
        return made

    @cached_property
    def works(self) -> list[Work]:
        """The deadlines of all modules."""
        chance = random.Random(f"deadlines {self.seed}")
        made = []
        for module in sorted(frozenset[str]().union(*self.schools)):
            for nth in range(WORKS):
                due = TERM
                while due <= TERM or not has_classes(due):
                    week = chance.choice(SHARED) if nth < 3 else chance.randrange(1, 26)
                    due = TERM + dt.timedelta(days=7 * week + chance.randrange(5))
                made.append(Work(module, f"Work {nth + 1}", due, chance.random() < 0.3))
        return made

    def _hand_ins(self, first: dt.date, last: dt.date) -> Iterator[Row]:
        for who in self.people:
            for work in self.works:
                if work.module not in who.modules:
                    continue
                if first <= work.due <= last:
                    yield row(who, work.module, "submissions", "expected", work.due, work.item)
                day = work.handed_in(who)
                if day is not None and first <= day <= last:
                    yield row(who, work.module, "submissions", "done", f"{day}T16:00", work.item)


def has_classes(day: dt.date) -> bool:
    """Return whether it is a day of term."""
    return day >= TERM and day.weekday() < 5 and not CLOSED[0] <= day <= CLOSED[1]
