"""Columns by their headings, in any language and order, and rows as mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from integrations.feeds.formats.model import RefusedRow
from integrations.feeds.formats.opening import Opened
from integrations.feeds.text_files import FeedError, Record

Headings = Mapping[str, tuple[str, ...]]
"""Our name of a column → the headings that it may have, in small letters."""

SHORT = "the row has fewer columns than the header"


class TableRow(NamedTuple):
    """A row by our names of the columns; '' where a column is not there."""

    line: int
    values: dict[str, str]


def normal(heading: str) -> str:
    """Write a heading in small letters, without marks and double blanks."""
    return " ".join(heading.replace("\ufeff", "").replace("_", " ").casefold().split())


def find_columns(header: Sequence[str], headings: Headings) -> dict[str, int]:
    """Find the columns: our name → place. The first of two equal headings counts."""
    found: dict[str, int] = {}
    names = [normal(each) for each in header]
    for name, allowed in headings.items():
        at = next((names.index(each) for each in allowed if each in names), None)
        if at is not None:
            found[name] = at
    return found


def header_line(
    rows: Sequence[Sequence[str]], headings: Headings, required: Sequence[str]
) -> int | None:
    """Find the row that holds all required headings: its place, from 0; None where none does."""
    for at, row in enumerate(rows):
        if all(name in find_columns(row, headings) for name in required):
            return at
    return None


def has_columns(
    opened: Opened, headings: Headings, required: Sequence[str], within: int = 8
) -> bool:
    """Say whether one of the first rows is this header."""
    return header_line(opened.first_rows[:within], headings, required) is not None


def read_table(
    opened: Opened, headings: Headings, required: Sequence[str]
) -> Iterator[TableRow | RefusedRow]:
    """Return every row below the header. Raises ``FeedError`` where there is no such header."""
    return below_header(opened.rows(), headings, required, opened.name)


def below_header(
    records: Iterator[Record], headings: Headings, required: Sequence[str], name: str
) -> Iterator[TableRow | RefusedRow]:
    """Read rows as ``read_table`` does, of records that were begun already.

    Raises ``FeedError`` where no record is a header with the columns.
    """
    at: dict[str, int] = {}
    width = 0
    for record in records:
        if not at:
            found = find_columns(record.fields, headings)
            if all(each in found for each in required):
                at, width = found, max(found.values()) + 1
        elif record.reason:
            yield RefusedRow(record.line, record.reason)
        elif len(record.fields) < width:
            yield RefusedRow(record.line, SHORT)
        else:
            yield TableRow(
                record.line, {each: record.fields[place].strip() for each, place in at.items()}
            )
    if not at:
        wanted = ", ".join(headings[each][0] for each in required)
        raise FeedError(f"{name}: there is no header with the columns {wanted}.")
