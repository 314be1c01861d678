"""What was read at once of a file of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True)
class PlainStatements:
    """The plain statements of a file that was read; ``odd`` are its other lines, of ``lines``."""

    lines: int
    odd: frozenset[int]
    counts: Sequence[tuple[str, dt.date, str, int]]
    """(label, day, student number, how many)."""
    rows: Path
    """The CSV file of rows of the event feed, without a header, in the order of the lines."""
    records: str
    """SQL for what is kept of them: record, line, student number, text."""
    ids: str
    """SQL for the digests of their ids, in order."""

    def digests(self) -> Iterator[bytes]:
        """Yield the digest of each statement's id, in order."""
        with duckdb.connect() as con:
            found = con.execute(self.ids)
            while some := found.fetchmany(10_000):
                yield from (each for (each,) in some)
