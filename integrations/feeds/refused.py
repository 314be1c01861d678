"""Find the students that a delivery's refused rows may be about: their days are unknown.

A refused row of a known student makes that student unknown on its day, or on every day of the
delivery if it does not cover the row's day. A number that resembles numbers on the roster, such as
one without its zeros, makes those students unknown. Other unknown people are counted, as a share of
the rows of their day and school: every source has some (staff, guests), and only many more of them
than usual make a whole school unknown (``integrations.activity.unknown_people``).
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from integrations.activity.day_notes import EVERYWHERE
from integrations.feeds.own_range import Period, in_periods

ANY_DAY = ""
"""Stands for every day of the delivery."""
MOST_LOOKED_UP = 20_000
"""Different unknown numbers that are compared with the roster."""
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?e\+?(\d+)")


@dataclass(frozen=True, slots=True)
class RefusedByDay:
    """The unknown people of a delivery, by day (ISO), with ``ANY_DAY`` for all of its days."""

    students: Mapping[str, frozenset[int]] = field(default_factory=dict)
    strangers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Day → school → share of the rows; see ``DayNote.strangers``."""

    def students_on(self, day: dt.date) -> frozenset[int]:
        """Return the unknown students on a day that the delivery covers."""
        return self.students.get(str(day), frozenset()) | self.students.get(ANY_DAY, frozenset())

    def strangers_on(self, day: dt.date) -> dict[str, float]:
        """Map each school to its share of rows about unknown people on this day."""
        anywhere = self.strangers.get(ANY_DAY, {}).get(EVERYWHERE, 0.0)
        found = dict(self.strangers.get(str(day), {}))
        if anywhere:
            found[EVERYWHERE] = found.get(EVERYWHERE, 0.0) + anywhere
        return found


def write_refused(path: Path, refused: RefusedByDay) -> None:
    """Write the record beside the delivery's facts; delete the file if nothing was refused."""
    if not refused.students and not refused.strangers:
        path.unlink(missing_ok=True)
        return
    said = {
        "students": {day: sorted(each) for day, each in sorted(refused.students.items())},
        "strangers": {day: dict(each) for day, each in sorted(refused.strangers.items())},
    }
    path.write_text(json.dumps(said, sort_keys=True), encoding="utf-8")


def read_refused(path: Path) -> RefusedByDay:
    """Read what ``write_refused`` wrote; empty where no row was refused."""
    if not path.exists():
        return RefusedByDay()
    said = json.loads(path.read_text(encoding="utf-8"))
    students = {day: frozenset(each) for day, each in said["students"].items()}
    return RefusedByDay(students, said["strangers"])


def without_refused(refused: RefusedByDay, student: int) -> RefusedByDay:
    """Return a copy of the record of refused rows without an erased student."""
    left = {day: each - {student} for day, each in refused.students.items()}
    return RefusedByDay({day: each for day, each in left.items() if each}, refused.strangers)


def refused_of(
    con: duckdb.DuckDBPyConnection,
    covered: Collection[Period],
    schools: Mapping[str, str],
    torn: int,
    resembling: Mapping[str, Iterable[int]],
) -> RefusedByDay:
    """Find the unknown people from ``bad`` (line, number, day, student, module) and ``rollup``.

    ``schools`` maps a module to its school, ``torn`` counts lines that were no rows, and
    ``resembling`` maps a number to the students that it resembles.
    """
    periods = tuple(covered)
    students: dict[str, set[int]] = defaultdict(set)
    for day, student in con.execute(
        "SELECT DISTINCT day, student FROM bad WHERE student IS NOT NULL"
    ).fetchall():
        students[_key(day, periods)].add(student)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, number, module, rows in con.execute(
        "SELECT day, number, module, count(*) FROM bad WHERE student IS NULL GROUP BY ALL"
    ).fetchall():
        if alike := resembling.get(number or ""):
            students[_key(day, periods)].update(alike)
        else:
            counts[_key(day, periods)][schools.get(module or "", EVERYWHERE)] += rows
    if torn:
        counts[ANY_DAY][EVERYWHERE] += torn
    strangers = _shares(con, counts, schools) if counts else {}
    return RefusedByDay({day: frozenset(each) for day, each in students.items()}, strangers)


def resembling(
    con: duckdb.DuckDBPyConnection, students: Mapping[str, int]
) -> dict[str, tuple[int, ...]]:
    """Map unknown numbers in ``bad`` to the students whose numbers they resemble.

    Similar numbers differ in leading zeros, case, blanks, punctuation or a final ``.0``, or were
    rounded by a spreadsheet, such as ``1.23E+08``, which may match many.
    """
    unknown = con.execute(
        "SELECT DISTINCT number FROM bad WHERE student IS NULL AND number IS NOT NULL "
        f"ORDER BY number LIMIT {MOST_LOOKED_UP}"
    ).fetchall()
    if not unknown:
        return {}
    plain: dict[str, list[int]] = defaultdict(list)
    for number, student in students.items():
        plain[_plain(number)].append(student)
    found = {number: _alike(number, plain, students) for (number,) in unknown}
    return {number: alike for number, alike in found.items() if alike}


def _alike(
    number: str, plain: Mapping[str, list[int]], students: Mapping[str, int]
) -> tuple[int, ...]:
    said = number.strip().casefold()
    if rounded := _SCIENTIFIC.fullmatch(said):
        digits = rounded[1] + (rounded[2] or "")
        length = int(rounded[3]) + 1
        return tuple(
            student
            for known, student in students.items()
            if len(bare := known.lstrip("0")) == length and _rounds_to(bare, digits)
        )
    return tuple(plain.get(_plain(number), ()))


def _rounds_to(number: str, digits: str) -> bool:
    if not number.isdigit() or len(digits) > len(number):
        return False
    rest: int = 10 ** (len(number) - len(digits))
    return abs(int(number) - int(digits) * rest) * 2 <= rest


def _plain(number: str) -> str:
    said = number.casefold().removesuffix(".0")
    if not said.isalnum():
        said = "".join(filter(str.isalnum, said))
    return said.lstrip("0")


def _key(day: dt.date | None, periods: tuple[Period, ...]) -> str:
    return str(day) if day is not None and in_periods(day, periods) else ANY_DAY


def _shares(
    con: duckdb.DuckDBPyConnection,
    counts: Mapping[str, Mapping[str, int]],
    schools: Mapping[str, str],
) -> dict[str, dict[str, float]]:
    """Return refused rows of unknown people, as shares of all rows of their day and school."""
    rows: dict[tuple[str, str], int] = defaultdict(int)
    for day, module, number in con.execute(
        "SELECT day, module, sum(rows) FROM rollup WHERE student IS NOT NULL GROUP BY ALL"
    ).fetchall():
        for key in (str(day), ANY_DAY):
            rows[key, EVERYWHERE] += int(number)
            if school := schools.get(module, EVERYWHERE):
                rows[key, school] += int(number)
    return {
        day: {
            school: number / (rows[day, school] + sum(of_day.values()))
            if school == EVERYWHERE
            else number / (rows[day, school] + number)
            for school, number in of_day.items()
        }
        for day, of_day in counts.items()
    }
