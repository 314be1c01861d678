"""Read a CSV file with a few odd lines: those by Python, all others by DuckDB.

An odd line is not UTF-8, has a quotation mark out of place, a NUL byte or too many columns. A copy
of the file has an empty row in place of each, so that DuckDB still knows every row's line.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from integrations.activity.scratch_database import ScratchDatabase, path_literal
from integrations.feeds.csv_tables import Header, Rejections, TextTable, first_record, read_header
from integrations.feeds.text_files import LONGEST_LINE, LONGEST_RECORD, open_bytes
from store.rules.schools import RejectedRow

_BLOCK = 1 << 20
_MOST_ODD = 20_000
"""With more odd lines, a file is read by Python as a whole."""
_BETWEEN = b"\0\n"
"""A line that belongs to no record, so that lines from different places are not joined."""


@dataclass(slots=True)
class _Sorted:
    """A file's lines. ``odd`` are the numbers of the odd ones, in the order of ``apart``; 0 stands
    for a line between."""

    lines: int
    odd: list[int] = field(default_factory=list)


class _All(Rejections):
    """Rejections without a limit: those of lines between are left out only afterwards."""

    def add(self, file: str, line: int, reason: str) -> None:
        """Reject the row at this line."""
        self.rows.append(RejectedRow(file, line, reason))


def read_mended(
    work: ScratchDatabase,
    path: Path,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    rejections: Rejections,
) -> int | None:
    """Make ``raw`` a table of the well-formed rows, and collect the others in ``rejections``.

    Returns how many lines were of a guessed encoding; None where the file has too many odd lines,
    or is of another kind, and has to be read by Python as a whole.
    """
    record = first_record(path)
    if any("\n" in name for name in record.fields):
        return None
    header = read_header(path.name, record.fields, required, optional)
    plain, apart = work.file(".csv"), work.file(".csv")
    with open_bytes(path) as file, plain.open("wb") as copy, apart.open("wb") as others:
        above = b"".join(file.readline(LONGEST_LINE) for _ in range(record.line))
        if _has_other_ends(above):
            return None
        others.write(above)
        found = _sort(file, copy, others, record.separator, header.width, record.line)
    if found is None:
        return None
    names = (*required, *optional)
    if not _copied(work, plain, record.separator, header, names, found, record.line):
        return None
    plain.unlink()
    own = _All()
    table = TextTable(apart, required, optional, own)
    at = [0] * record.line + found.odd
    rows = [(at[line - 1], *values) for line, values in table]
    if rows:
        columns = {"line": "BIGINT"} | dict.fromkeys(names, "VARCHAR")
        work.table("odd_rows", columns, rows)
        work.con.execute("INSERT INTO raw FROM odd_rows")
    for row in own.rows:
        if line := at[row.line - 1]:
            rejections.add(path.name, line, row.reason)
    apart.unlink()
    return table.guessed


def _sort(
    file: IO[bytes], copy: IO[bytes], others: IO[bytes], separator: str, width: int, above: int
) -> _Sorted | None:
    """Copy the plain lines below the header, and the odd ones apart; None where these are many."""
    found, carry = _Sorted(above), b""
    plain = _plain_lines(separator, width)
    empty = separator.encode() * (width - 1) + b"\n"
    while block := file.read(_BLOCK):
        whole = carry + block
        cut = whole.rfind(b"\n") + 1
        if len(whole) - cut > LONGEST_LINE:
            return None
        carry = whole[cut:]
        for is_plain, piece in _pieces(whole[:cut], plain):
            if not _take(found, is_plain, piece, copy, others, empty):
                return None
    if carry:
        for is_plain, piece in _pieces(carry + b"\n", plain):
            if not _take(found, is_plain, piece, copy, others, empty):
                return None
    return found


def _take(
    found: _Sorted,
    is_plain: bool,
    piece: bytes,
    copy: IO[bytes],
    others: IO[bytes],
    empty: bytes,
) -> bool:
    number = piece.count(b"\n")
    if is_plain:
        copy.write(piece)
    elif _has_other_ends(piece):
        return False
    else:
        copy.write(empty * number)
        others.write(_BETWEEN + piece)
        found.odd += [0, *range(found.lines + 1, found.lines + number + 1)]
    found.lines += number
    return len(found.odd) <= _MOST_ODD


def _has_other_ends(lines: bytes) -> bool:
    """Return whether lines end otherwise than with LF or CR LF, or are of two bytes a letter."""
    return lines.count(b"\r") != lines.count(b"\r\n") or b"\n\0" in lines or b"\0\n" in lines


def _plain_lines(separator: str, width: int) -> re.Pattern[bytes]:
    """Return a pattern of lines with so many columns, in which quotation marks are in place.

    It takes time in proportion to the text: a value ends where only one sign can follow. Possessive
    repeats would say so, but Python matches them wrongly before 3.11.5.
    """
    mark = re.escape(separator).encode()
    quoted = rb'"[^"\0\r\n]*(?:""[^"\0\r\n]*)*"'
    value = rb"(?:" + quoted + rb'|[^"\0\r\n' + mark + rb"]*)"
    return re.compile(rb"(?:" + value + rb"(?:" + mark + value + rb"){%d}\r?\n)*" % (width - 1))


def _pieces(block: bytes, plain: re.Pattern[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Yield (whether they are plain, lines) of whole lines."""
    begin = 0
    while begin < len(block):
        match = plain.match(block, begin)
        end = _well_encoded(block, begin, match.end() if match else begin)
        if end > begin:
            yield True, block[begin:end]
        if end == len(block):
            return
        begin = block.index(b"\n", end) + 1
        if b'"' in block[end:begin]:
            for _ in range(LONGEST_RECORD - 1):
                begin = (block.find(b"\n", begin) + 1) or len(block)
        yield False, block[end:begin]


def _well_encoded(block: bytes, begin: int, end: int) -> int:
    """Return the end of the lines before the first that is not UTF-8, or has a byte order mark."""
    piece = block[begin:end]
    if piece.isascii():
        return end
    bad = piece.find(codecs.BOM_UTF8)
    try:
        piece.decode()
    except UnicodeDecodeError as error:
        bad = error.start if bad < 0 else min(bad, error.start)
    return end if bad < 0 else begin + piece.rfind(b"\n", 0, bad) + 1


def _copied(
    work: ScratchDatabase,
    plain: Path,
    separator: str,
    header: Header,
    names: tuple[str, ...],
    found: _Sorted,
    above: int,
) -> bool:
    """Make ``raw`` of the plain lines; return whether DuckDB saw as many as there are."""
    picked = ", ".join(
        f'{"NULL::VARCHAR" if at is None else f"c{at}"} AS "{name}"'
        for name, at in zip(names, header.places, strict=True)
    )
    columns = {f"c{at}": "VARCHAR" for at in range(header.width)}
    odd = ", ".join(str(line) for line in found.odd if line) or "0"
    work.made.pop("raw", None)
    (rows,) = work.con.execute(
        f"CREATE OR REPLACE TABLE raw AS SELECT line, {picked} FROM ("
        f"SELECT row_number() OVER () + {above} AS line, * "
        f"FROM read_csv('{path_literal(plain)}', header = false, auto_detect = false, "
        f"delim = '{separator}', quote = '\"', escape = '\"', strict_mode = true, "
        f"columns = {columns}))"
    ).fetchall()[0]
    work.con.execute(f"DELETE FROM raw WHERE line IN ({odd})")
    return int(rows) == found.lines - above
