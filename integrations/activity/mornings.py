"""Several mornings measured at once, as if each were an institution of its own on the same day.

Over few rows a query takes milliseconds to plan and microseconds to run, so a replay of a small
lake measures many mornings together. To keep them apart, the students, modules, schools and sources
of each morning get names of their own, and its days are moved so that all mornings fall on the last
one. No query knows of this: one morning alone keeps its names and its days.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from store.rules.flag_rules.base import through

if TYPE_CHECKING:
    from integrations.activity.scratch_database import ScratchDatabase

STUDENTS = 1 << 40
"""More than any internal number of a student: what each morning adds to them."""
_WIDTH = 3
MOST = 10**_WIDTH
"""The most mornings that have names of their own."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Morning:
    """A screened day, and how its names and days are told apart from those of other mornings."""

    day: dt.date
    number: int = 0
    mark: str = ""
    """Goes before each name of a module, school or source; '' for one morning alone."""
    moved: int = 0
    """How many days later its days are put."""

    @property
    def through(self) -> dt.date:
        """Return the last day that counts."""
        return through(self.day)

    @property
    def base(self) -> int:
        """Return what is added to the students' numbers."""
        return self.number * STUDENTS

    def later(self, day: dt.date) -> dt.date:
        """Return where a day of this morning is put."""
        return day + dt.timedelta(self.moved)

    def named(self, of: Mapping[str, _Value]) -> dict[str, _Value]:
        """Return a mapping by names with the names of this morning."""
        return {self.mark + name: value for name, value in of.items()}


class Mornings:
    """Mornings that are measured at once, oldest first: mostly one alone."""

    def __init__(self, days: Sequence[dt.date]) -> None:
        """``days`` are the screened days, in order: at most ``MOST``."""
        self.day = days[-1]
        """On this day all mornings fall."""
        alone = len(days) == 1
        self._all = tuple(
            Morning(day, number, "" if alone else f"{number:0{_WIDTH}}", (self.day - day).days)
            for number, day in enumerate(days)
        )
        self._width = 0 if alone else _WIDTH

    def __iter__(self) -> Iterator[Morning]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def is_one(self) -> bool:
        """Whether this is one morning alone, with its own names and days."""
        return not self._width

    @property
    def span(self) -> dt.timedelta:
        """Return the time from the first to the last morning."""
        return self.day - self._all[0].day

    def of(self, name: str) -> tuple[Morning, str]:
        """Return the morning that a module, school or source is of, and its own name."""
        if self.is_one:
            return self._all[0], name
        return self._all[int(name[: self._width])], name[self._width :]

    def create_table(self, work: ScratchDatabase) -> None:
        """Create ``mornings``: number, mark, base, moved. One alone needs none."""
        if not self.is_one:
            work.table(
                "mornings",
                {"number": "INTEGER", "mark": "VARCHAR", "base": "BIGINT", "moved": "INTEGER"},
                ((each.number, each.mark, each.base, each.moved) for each in self._all),
            )

    def names(self, of: Iterable[str]) -> Iterable[str]:
        """Return these names as each morning has them."""
        if self.is_one:
            return of
        known = list(of)
        return [each.mark + name for each in self._all for name in known]

    def rows(self, rows: str, first: dt.date, last: dt.date) -> str:
        """Return SQL for rollup rows (``rows_of``) as each morning has them.

        ``first`` and ``last`` are the days that the rows may fall on, both included. One morning's
        rows are those of such days already.
        """
        if self.is_one:
            return rows
        return (
            "(SELECT student + mornings.base AS student, mornings.mark || module AS module, "
            "family, item, expected, done, mornings.mark || source AS source, "
            "CAST(day + mornings.moved AS DATE) AS day, mornings.moved "
            f"FROM {rows} JOIN mornings ON day + mornings.moved BETWEEN "
            f"DATE '{first}' AND DATE '{last}')"
        )

    def roster(self, rows: str) -> str:
        """Return SQL for enrolments as each morning has them: those that hold on it."""
        if self.is_one:
            return f"(FROM {rows})"
        return (
            "(SELECT student + mornings.base AS student, mornings.mark || module AS module, "
            "mornings.mark || home_school AS home_school, "
            "mornings.mark || module_school AS module_school, "
            "CAST(starts + mornings.moved AS DATE) AS starts, "
            "CAST(ends + mornings.moved AS DATE) AS ends "
            f"FROM {rows} JOIN mornings ON starts + mornings.moved <= DATE '{self.day}' "
            f"AND coalesce(ends + mornings.moved >= DATE '{self.day}', true))"
        )
