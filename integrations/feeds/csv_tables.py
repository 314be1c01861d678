"""Read a CSV file as a table with named columns; faulty rows are collected, not raised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.student_numbers import without_invisible
from integrations.feeds.text_files import FeedError, Record, read_records
from store.rules.schools import RejectedRow
from store.rules.text.formatting import counted

LONGEST_NAME = 40
"""Characters of an unknown column's name that a report repeats."""
MOST_NAMED = 12
"""Unknown columns of a file that a report names."""
KEPT = 1_000
"""Rejected rows of a file that are kept one by one; the rest are only counted."""


@dataclass(slots=True)
class Rejections:
    """The rows left out of one load. ``total`` counts them; ``rows`` holds the first ``KEPT``."""

    total: int = 0
    rows: list[RejectedRow] = field(default_factory=list)

    def add(self, file: str, line: int, reason: str) -> None:
        """Reject the row at this physical line. The reason must not quote it."""
        self.total += 1
        if len(self.rows) < KEPT:
            self.rows.append(RejectedRow(file, line, reason))


@dataclass(frozen=True, slots=True)
class Header:
    """The positions of the columns. ``width`` is the number of all columns, known or not."""

    width: int
    places: tuple[int | None, ...]
    """The position of each requested column; None for a missing optional one."""
    needed: int = 0
    """The fewest columns of a row: spreadsheets leave out empty ones at the end."""
    unknown: tuple[str, ...] = ()
    """Other columns of the file, by their own names."""

    def pick(self, fields: Sequence[str]) -> list[str]:
        """Return the values of the requested columns; '' for missing ones."""
        return ["" if at is None or at >= len(fields) else fields[at] for at in self.places]


def column_name(found: str) -> str:
    """Normalise a column's name for comparing: no case, blanks or invisible characters."""
    return re.sub(r"[\s_-]+", "_", without_invisible(" ".join(found.split())).casefold())


def read_header(
    name: str, found: Sequence[str], required: Sequence[str], optional: Sequence[str] = ()
) -> Header:
    """Find the columns in a header row, whatever their case. Raises ``FeedError``."""
    names = [column_name(column) for column in found]
    expected = f"Expected, in any order: {', '.join(required)}"
    expected += f"; and optionally {', '.join(optional)}." if optional else "."
    missing = [column for column in required if column not in names]
    if missing:
        hint = ""
        if len(found) == 1 and (other := next((c for c in ";:\t|" if c in found[0]), "")):
            hint = f" Is the separator right? It looks like {other!r}."
        raise FeedError(f"{name}: no column {', '.join(missing)}. {expected}{hint}")
    wanted = (*required, *optional)
    twice = [column for column in wanted if names.count(column) > 1]
    if twice:
        raise FeedError(f"{name}: two columns are called {twice[0]}. {expected}")
    unknown = tuple(
        shown_column(column)
        for column, called in zip(found, names, strict=True)
        if called and called not in wanted
    )
    places = tuple(names.index(c) if c in names else None for c in wanted)
    needed = max((at for at in places[: len(required)] if at is not None), default=-1) + 1
    return Header(len(names), places, needed, unknown)


def shown_column(column: str) -> str:
    """Return an unknown column's name for a report: on one line, and shortened."""
    plain = " ".join(without_invisible(" ".join(column.split())).split())
    return plain if len(plain) <= LONGEST_NAME else plain[:LONGEST_NAME] + "…"


def unknown_columns(name: str, unknown: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return a note for the report that names unused columns; empty where all are used."""
    if not unknown:
        return []
    named = ", ".join(unknown[:MOST_NAMED])
    more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
    return [
        f"{name}: not used: {named}{more}. Rename a column if it is one of {', '.join(columns)}."
    ]


class TextTable:
    """The rows of a CSV file: ``(line, values)``, the values in the order asked for.

    Raises ``FeedError`` at once where the file or its header is missing, or columns are missing.
    """

    def __init__(
        self,
        path: Path,
        required: Sequence[str],
        optional: Sequence[str] = (),
        rejections: Rejections | None = None,
    ) -> None:
        self.rejections = Rejections() if rejections is None else rejections
        self.guessed = 0
        """Lines that were not UTF-8 and were read as Windows-1252."""
        self._name = path.name
        self._wanted = (*required, *optional)
        self._records = read_records(path)
        first = next(self._records, None)
        if first is None:
            raise FeedError(f"{path.name} is empty. Expected a header: {', '.join(required)}.")
        self._first = list(first.fields)
        self._header = read_header(path.name, first.fields, required, optional)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the optional columns that the file does not have."""
        wanted = zip(self._wanted, self._header.places, strict=True)
        return tuple(column for column, at in wanted if at is None)

    @property
    def notes(self) -> list[str]:
        """Return notes on the file as a whole: lines of guessed encoding, unused columns."""
        notes = unknown_columns(self._name, self._header.unknown, self._wanted)
        if self.guessed:
            notes.append(guessed_lines(self.guessed))
        return notes

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        width = self._header.width
        for line, fields, reason, guessed, _ in self._records:
            if reason:
                self.rejections.add(self._name, line, reason)
            elif not any(fields) or list(fields) == self._first:
                continue  # What spreadsheets leave below the rows, and joined exports between them.
            elif len(fields) < self._header.needed or any(fields[width:]):
                ragged = f"{counted(len(fields), 'column')} where the header has {width}"
                self.rejections.add(self._name, line, ragged)
            else:
                self.guessed += guessed
                yield line, self._header.pick(fields)


def guessed_lines(number: int) -> str:
    """Describe the lines whose encoding was guessed, for the load's report."""
    lines, were = counted(number, "line"), "was" if number == 1 else "were"
    return f"{lines} {were} not UTF-8 and {were} read as Windows-1252."


def first_record(path: Path) -> Record:
    """Return the header row. Raises ``FeedError`` where there is none."""
    with closing(read_records(path)) as records:
        record = next(records, None)
    if record is None:
        raise FeedError(f"{path.name} is empty: not even a header row.")
    return record
