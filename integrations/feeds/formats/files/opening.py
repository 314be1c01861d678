"""Open a delivered file, as far as needed to recognise its format.

Whatever its compression and encoding, a reader sees rows (``rows``), JSON values (``values``) or
the files of an archive (``members``), with line numbers.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from integrations.feeds.formats.files import json_values, parquet_rows, unpacking, workbooks
from integrations.feeds.text_files import (
    NOT_OPENED,
    FeedError,
    Record,
    first_lines,
    read_records,
    said_separator,
)
from store.rules.text.formatting import counted, listed

SEPARATORS = ",;\t|"
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_HEAD = 64 << 10
_FIRST = 60

GZIP, ZIP, OLE, PARQUET = b"\x1f\x8b", b"PK", b"\xd0\xcf\x11\xe0", b"PAR1"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Opened:
    """An opened file. ``name`` is the delivered one, for messages; ``path`` is the unpacked file.

    ``sheet`` is the sheet of a workbook to read; '' for the first.
    """

    path: Path
    name: str
    sheet: str = ""
    members: dict[str, Path] = field(default_factory=dict)
    record: int = -1
    """The number, from 0, of the row or JSON object that was read last."""
    only: frozenset[int] | None = None
    """Of a file with a JSON object on each line: the lines to read; None: all."""

    @cached_property
    def head(self) -> bytes:
        """Return the first 64 kB. Raises ``FeedError`` where the file cannot be opened."""
        if self.members:
            return b""
        try:
            with self.path.open("rb") as file:
                return file.read(_HEAD)
        except NOT_OPENED as error:
            raise FeedError(
                f"{self.name} cannot be opened: {error.strerror}. Name a file that you may read."
            ) from None

    @property
    def is_json(self) -> bool:
        """Return whether the file begins like JSON."""
        start = self.head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
        return start in (b"{", b"[")

    @property
    def is_parquet(self) -> bool:
        """Return whether the file is Parquet, by its first bytes."""
        return self.head.startswith(PARQUET)

    @property
    def is_workbook(self) -> bool:
        """Return whether the file is an Excel or OpenDocument workbook."""
        return self.head.startswith((OLE, ZIP)) and not self.members

    @cached_property
    def separator(self) -> str:
        """Return the column separator, guessed from the first lines."""
        lines = first_lines(self.path, _FIRST)
        if lines and (said := said_separator(lines[0])):
            return said
        return max(SEPARATORS, key=lambda each: _agreement(lines, each)) if lines else ","

    @cached_property
    def first_rows(self) -> list[Sequence[str]]:
        """Return the first readable rows, as fields; none for archives."""
        if self.members:
            return []
        with closing(self.rows()) as rows:  # type: ignore[type-var] # all of them are generators
            return [row.fields for row in islice(rows, _FIRST) if not row.reason]

    @cached_property
    def first_value(self) -> Any:
        """Return the first readable JSON value; None where there is none."""
        if not self.is_json:
            return None
        with closing(self.values()) as values:  # type: ignore[type-var] # a generator
            return next((value for _, value, reason in islice(values, _FIRST) if not reason), None)

    def rows(self) -> Iterator[Record]:
        """Yield every record that is not blank; bad ones have a reason."""
        for self.record, found in enumerate(self._rows()):  # noqa: B020 -- counted as it is read
            yield found

    def _rows(self) -> Iterator[Record]:
        if self.is_workbook:
            return workbooks.rows(self.path, self.name, self.sheet)
        if self.is_json:
            return json_values.rows(self.path, self.name)
        if self.is_parquet:
            return parquet_rows.rows(self.path, self.name)
        return read_records(self.path, self.separator)

    def values(self) -> Iterator[json_values.Value]:
        """Yield every JSON value of the file: one a line, each of an array, or the only one."""
        return json_values.values(self.path, self.name, self.only)

    @property
    def remarks(self) -> list[str]:
        """Return sentences on which sheets of a workbook are read, where that is not plain."""
        if not self.is_workbook or self.sheet:
            return []
        read, others = workbooks.sheets(self.path, self.name)
        found = []
        if len(read) > 1:
            found.append(f"Sheets read, one after the other, lines counted on: {listed(read)}.")
        if others:
            found.append(f"Not read: {listed(others)}. To read one, name it with --sheet.")
        return found

    @property
    def is_web_page(self) -> bool:
        """Return whether this is a page for a browser, such as one that asks for a sign-in."""
        start = self.head.removeprefix(codecs.BOM_UTF8).lstrip()[:15].lower()
        return start.startswith((b"<!doctype html", b"<html"))

    @property
    def described(self) -> str:
        """Describe the file's form in words, such as its separator and encoding."""
        if self.members:
            return counted(len(self.members), "file")
        if self.is_workbook:
            return "workbook"
        if self.is_json or self.is_parquet:
            return "JSON" if self.is_json else "Parquet"
        return f"{_NAMES[self.separator]} between the columns"


def open_file(path: Path, scratch: Path, sheet: str = "") -> Opened:
    """Unpack and open a file or a folder. Raises ``FeedError`` where that cannot be done."""
    if path.is_dir():
        members = {each.name: each for each in sorted(path.iterdir()) if each.is_file()}
        if not members:
            raise FeedError(f"{path.name} holds no file. Nothing was loaded.")
        if len(members) > 1:
            return Opened(path, path.name, sheet, members)
        (path,) = members.values()
    opened = Opened(path, path.name, sheet)
    if opened.head.startswith(GZIP):
        opened = Opened(unpacking.unpack_gzip(path, scratch), path.name, sheet)
    if opened.head.startswith(ZIP):
        if unpacking.is_workbook(opened.path):
            unpacking.check_workbook(opened.path)
            return opened
        members = unpacking.unpack_zip(opened.path, scratch)
        if len(members) > 1:
            return Opened(opened.path, path.name, sheet, members)
        opened = _only(next(iter(members.values())), path, scratch, sheet)
    if not opened.head.removeprefix(codecs.BOM_UTF8).strip(b"\0 \t\r\n"):
        raise FeedError(f"{path.name} is empty. Nothing was loaded.")
    if opened.head.startswith(_WIDE) and _looks_like_json(opened.head):
        return Opened(json_values.as_utf8(opened.path, scratch), path.name, sheet)
    return opened


def _only(member: Path, path: Path, scratch: Path, sheet: str) -> Opened:
    """Open the only file of an archive. A nested archive is not opened."""
    opened = Opened(member, path.name, sheet)
    if opened.head.startswith(GZIP):
        return Opened(unpacking.unpack_gzip(member, scratch), path.name, sheet)
    if opened.head.startswith(ZIP):
        if not unpacking.is_workbook(member):
            raise FeedError(f"{path.name} holds another archive. Send the files in one.")
        unpacking.check_workbook(member)
    return opened


def _looks_like_json(head: bytes) -> bool:
    text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def _agreement(lines: list[str], separator: str) -> int:
    """Return the usual number of separators in a line, times the lines with that number."""
    counts = [_columns(line, separator) - 1 for line in lines]
    filled = [count for count in counts if count > 0]
    if not filled:
        return 0
    usual = max(set(filled), key=filled.count)
    return usual * filled.count(usual)


def _columns(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator)))
    except (csv.Error, StopIteration):
        return 1
