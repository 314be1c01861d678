"""The 14 ways in which a source's daily file can be wrong, each seen at a university."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Row = Sequence[str]
"""student_number, module, family, kind, at, item, count, until."""
AT = 4


@dataclass(frozen=True)
class DayFile:
    """A file as it should be delivered, and the one of the day before."""

    day: dt.date
    header: Row
    rows: list[Row]
    before: list[Row]
    chance: random.Random
    schools: Sequence[frozenset[str]]
    """The modules of each school."""


Spoiled = tuple[Row, list[Row]] | None
"""The heading and the rows as delivered; None if no file comes."""


def _absent(_file: DayFile) -> Spoiled:
    return None


def _partial(file: DayFile) -> Spoiled:
    """Deliver 40% of the students."""
    kept = {row[0] for row in file.rows}
    kept = {who for who in sorted(kept) if file.chance.random() < 0.4}
    return file.header, [row for row in file.rows if row[0] in kept]


def _scattered(file: DayFile) -> Spoiled:
    """Deliver 40% of the rows, across all students."""
    return file.header, [row for row in file.rows if file.chance.random() < 0.4]


def _department(file: DayFile) -> Spoiled:
    """Leave out one school's modules."""
    gone = file.chance.choice(file.schools)
    return file.header, [row for row in file.rows if row[1] not in gone]


def _stale(file: DayFile) -> Spoiled:
    """Deliver the file of the day before again."""
    return file.header, file.before


def _renamed(file: DayFile) -> Spoiled:
    return ("StudentRef", *file.header[1:]), file.rows


def _mistyped(file: DayFile) -> Spoiled:
    """Swap day and month in a third of the rows, where the result is a date."""
    return file.header, [
        _at(row, f"{file.day.year}-{file.day.day:02}-{file.day.month:02}{row[AT][10:]}")
        if file.day.day <= 12 and file.chance.random() < 0.33
        else row
        for row in file.rows
    ]


def _future(file: DayFile) -> Spoiled:
    """Date every tenth row in the next year."""
    return file.header, [
        _at(row, f"{file.day.year + 1}{row[AT][4:]}") if file.chance.random() < 0.1 else row
        for row in file.rows
    ]


def _doubled(file: DayFile) -> Spoiled:
    return file.header, file.rows * 2


def _no_marks(file: DayFile) -> Spoiled:
    """Leave the column of the marks empty: all students are expected and none were present."""
    return file.header, [row for row in file.rows if row[3] != "done"]


def _strangers(file: DayFile) -> Spoiled:
    """Give a third of the students numbers in a new form."""
    new = {who for who in sorted({row[0] for row in file.rows}) if file.chance.random() < 0.33}
    return file.header, [(f"X-{row[0]}", *row[1:]) if row[0] in new else row for row in file.rows]


def _empty(file: DayFile) -> Spoiled:
    return file.header, []


def _codes(file: DayFile) -> Spoiled:
    """Give the modules new codes that the roster does not have yet."""
    return file.header, [(row[0], f"{row[1]}-26", *row[2:]) for row in file.rows]


def _at(row: Row, at: str) -> Row:
    return (*row[:AT], at, *row[AT + 1 :])


KINDS: Mapping[str, Callable[[DayFile], Spoiled]] = {
    "absent": _absent,
    "six days late": _absent,
    "40 % of the students": _partial,
    "40 % of the rows": _scattered,
    "one school missing": _department,
    "stale": _stale,
    "renamed column": _renamed,
    "mistyped dates": _mistyped,
    "future rows": _future,
    "doubled": _doubled,
    "no marks": _no_marks,
    "strangers": _strangers,
    "empty": _empty,
    "new module codes": _codes,
}


@dataclass(frozen=True)
class Outage:
    """A source whose files are wrong for some days, and when correct files come; None: never."""

    kind: str
    source: str
    first: dt.date
    days: int = 1
    mended: dt.date | None = None

    def holds(self, source: str, day: dt.date) -> bool:
        """Return whether this source's file is wrong on this day."""
        return source == self.source and 0 <= (day - self.first).days < self.days
