"""Find columns by their headings, in any language and order; read rows as mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.model import RefusedRow
from integrations.feeds.text_files import FeedError, Record

Headings = Mapping[str, tuple[str, ...]]
"""Our column name → its possible headings, in lower case."""

SHORT = "the row has fewer columns than the header"


class TableRow(NamedTuple):
    """A row, by our column names; '' for a missing column."""

    line: int
    values: dict[str, str]


def normal(heading: str) -> str:
    """Normalise a heading: lower case, without punctuation and extra blanks."""
    return " ".join(heading.replace("\ufeff", "").replace("_", " ").casefold().split())


def find_columns(header: Sequence[str], headings: Headings) -> dict[str, int]:
    """Find the columns: our name → position. The first of two equal headings counts."""
    found: dict[str, int] = {}
    names = [normal(each) for each in header]
    for name, allowed in headings.items():
        at = next((names.index(each) for each in allowed if each in names), None)
        if at is not None:
            found[name] = at
    return found


def is_heading_of(headings: Headings) -> Callable[[str, object], bool]:
    """Return a function that tells whether a heading is one of these."""
    known = frozenset(name for names in headings.values() for name in names)
    return lambda heading, _: normal(heading) in known


def header_line(
    rows: Sequence[Sequence[str]], headings: Headings, required: Sequence[str]
) -> int | None:
    """Return the index of the row with all required headings; None where there is none."""
    for at, row in enumerate(rows):
        if all(name in find_columns(row, headings) for name in required):
            return at
    return None


def has_columns(
    opened: Opened, headings: Headings, required: Sequence[str], within: int = 8
) -> bool:
    """Return whether one of the first ``within`` rows has all required headings."""
    return header_line(opened.first_rows[:within], headings, required) is not None


def read_table(
    opened: Opened, headings: Headings, required: Sequence[str]
) -> Iterator[TableRow | RefusedRow]:
    """Yield every row below the header. Raises ``FeedError`` where there is no such header."""
    return below_header(opened.rows(), headings, required, opened.name)


def below_header(
    records: Iterator[Record], headings: Headings, required: Sequence[str], name: str
) -> Iterator[TableRow | RefusedRow]:
    """Read rows like ``read_table``, from records that are partly read already.

    Raises ``FeedError`` where no record is a header with the columns.
    """
    header = skip_to_header(records, headings, required, name)
    at = find_columns(header, headings)
    width = max(at.values()) + 1
    for record in records:
        if _says_nothing(record, header):
            continue
        if record.reason:
            yield RefusedRow(record.line, record.reason)
        elif len(record.fields) < width:
            yield RefusedRow(record.line, SHORT)
        else:
            yield TableRow(
                record.line, {each: record.fields[place].strip() for each, place in at.items()}
            )


def _says_nothing(record: Record, header: Sequence[str]) -> bool:
    """Return whether a row is blank, as below a spreadsheet's last, or repeats the header."""
    return not record.reason and (
        not any(each.strip() for each in record.fields) or list(record.fields) == list(header)
    )


def skip_to_header(
    records: Iterator[Record], headings: Headings, required: Sequence[str], name: str
) -> Sequence[str]:
    """Read up to the header, and return its headings as the file has them.

    Raises ``FeedError`` where no record is a header with the columns.
    """
    for record in records:
        found = find_columns(record.fields, headings)
        if all(each in found for each in required):
            return record.fields
    wanted = ", ".join(headings[each][0] for each in required)
    raise FeedError(f"{name}: there is no header with the columns {wanted}.")
