"""Half a year of real students: the folder of the Open University Learning Analytics Dataset.

Its presentations stand for the invented modules, so that there are two schools. Every day, weekends
included, has a file of clicks and one of submissions.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from tests.chaos.outage_kinds import Row
from tests.policy.people import GLAS, MODULES, RIVE, TERM, Student, write_roster, write_rows

PLACES = tuple(chain(*zip(MODULES[GLAS], MODULES[RIVE], strict=True)))
_DAYS = """
SELECT code_module || code_presentation AS presentation, *
FROM read_csv('{folder}/{file}.csv*', all_varchar = true)
"""


@dataclass(frozen=True)
class OuladYear:
    """The first weeks of a folder's presentations."""

    folder: Path
    weeks: int = 26
    warm: int = 0
    seed: int = 1

    sources = ("learning-space", "hand-in")

    @property
    def name(self) -> str:
        """The name of the simulated year."""
        return f"OULAD {self.folder.name}, {', '.join(self.places)}"

    @property
    def schools(self) -> tuple[frozenset[str], ...]:
        """The modules of each school that has any."""
        found = (frozenset(MODULES[each]) & set(self.places.values()) for each in (GLAS, RIVE))
        return tuple(each for each in found if each)

    @property
    def students(self) -> int:
        """The number of students."""
        return len({number for number, *_ in self._registered})

    def has_data(self, day: dt.date) -> bool:
        """Return whether the sources deliver this day."""
        return day >= TERM

    def rows(self, _home: Path, source: str, first: dt.date, last: dt.date) -> list[Row]:
        """Return a source's rows for these days."""
        made = self._clicks if source == "learning-space" else self._hand_ins
        days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        return [each for day in days for each in made.get(day, ())]

    def roster(self, folder: Path) -> Path:
        """Write the roster's files, with the day on which a student left."""
        school = {module: code for code, modules in MODULES.items() for module in modules}
        on: dict[str, list[str]] = defaultdict(list)
        for number, module, *_ in self._registered:
            on[number].append(module)
        write_roster(
            folder,
            [
                Student(number, "Ald", "Brimwick", school[modules[0]], modules=tuple(modules))
                for number, modules in on.items()
            ],
        )
        enrolled = [
            (number, module, str(begins), str(ends or ""))
            for number, module, begins, ends in self._registered
        ]
        write_rows(folder / "enrolments.csv", ("number", "module", "starts", "ends"), enrolled)
        return folder

    @cached_property
    def places(self) -> dict[str, str]:
        """Presentation → the module that it stands for."""
        names = self._ask(f"SELECT presentation FROM ({self._of('courses')}) ORDER BY ALL")
        return {name: place for (name,), place in zip(names, PLACES, strict=False)}

    @cached_property
    def _registered(self) -> list[tuple[str, str, dt.date, dt.date | None]]:
        rows = self._ask(
            "SELECT DISTINCT id_student, presentation, "
            "greatest(coalesce(TRY_CAST(date_registration AS INTEGER), 0), 0), "
            f"TRY_CAST(date_unregistration AS INTEGER) FROM ({self._of('studentRegistration')}) "
            "ORDER BY ALL"
        )
        return [
            (f"O{who}", self.places[name], _day(begins), _day(ends) if ends is not None else None)
            for who, name, begins, ends in rows
            if ends is None or ends > begins
        ]

    @cached_property
    def _clicks(self) -> dict[dt.date, list[Row]]:
        rows = self._ask(
            "SELECT CAST(date AS INTEGER), id_student, presentation, "
            f"sum(CAST(sum_click AS INTEGER)) FROM ({self._of('studentVle')}) "
            f"WHERE CAST(date AS INTEGER) BETWEEN 0 AND {7 * self.weeks} GROUP BY ALL ORDER BY ALL"
        )
        made: dict[dt.date, list[Row]] = defaultdict(list)
        for number, who, name, clicks in rows:
            at = f"{_day(number)}T12:00"
            line = (f"O{who}", self.places[name], "vle", "done", at, "", str(clicks), "")
            made[_day(number)].append(line)
        return made

    @cached_property
    def _hand_ins(self) -> dict[dt.date, list[Row]]:
        made: dict[dt.date, list[Row]] = defaultdict(list)
        works = {
            item: (self.places[name], f"{kind} {item}", int(due))
            for item, name, kind, due in self._ask(
                "SELECT id_assessment, presentation, assessment_type, date "
                f"FROM ({self._of('assessments')}) "
                "WHERE TRY_CAST(date AS INTEGER) IS NOT NULL AND assessment_type <> 'Exam'"
            )
        }
        for number, module, begins, ends in self._registered:
            for on, item, due in works.values():
                if on == module and begins <= _day(due) <= (ends or dt.date.max):
                    made[_day(due)].append(
                        (number, module, "submissions", "expected", str(_day(due)), item, "1", "")
                    )
        for item, who, number in self._ask(
            "SELECT id_assessment, id_student, CAST(date_submitted AS INTEGER) FROM "
            f"read_csv('{self.folder}/studentAssessment.csv*', all_varchar = true) "
            "WHERE is_banked = '0' ORDER BY ALL"
        ):
            if item in works:
                day, (on, title, _) = _day(number), works[item]
                made[day].append(
                    (f"O{who}", on, "submissions", "done", f"{day}T12:00", title, "1", "")
                )
        return made

    def _of(self, file: str) -> str:
        return _DAYS.format(folder=self.folder, file=file)

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect()


def _day(number: int) -> dt.date:
    return TERM + dt.timedelta(days=number)
