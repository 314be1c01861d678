"""Read Excel and OpenDocument workbooks as rows of text, with dates in ISO 8601."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from integrations.activity.errors import is_of_the_machine
from integrations.feeds.text_files import FeedError, Record

_Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class Sheets(NamedTuple):
    """The sheets of a workbook that are read one after the other, and those that are not."""

    read: list[str]
    others: list[str]


def rows(path: Path, name: str, sheet: str = "") -> Generator[Record]:
    """Yield every row of a sheet that is not blank; by default of the first that has any.

    Sheets that begin as that one does, such as one for each faculty, follow it, and their lines are
    counted on. Raises ``FeedError`` where the workbook cannot be read, or has no such sheet.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            above = 0
            for each in [_checked(book, name, sheet)] if sheet else _sheets(book, name).read:
                last = 0
                for record in _rows(book, each):
                    last = record.line
                    yield record._replace(line=above + last)
                above += last
    except (CalamineError, ValueError, OSError) as error:
        if is_of_the_machine(error):
            raise
        raise FeedError(
            f"{name} cannot be read as a workbook: it is damaged or locked with a password. "
            "Save it again without a password, or as CSV."
        ) from None


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets; none where it cannot be read."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            return _names(book)
    except (CalamineError, ValueError, OSError):
        return []


def sheets(path: Path, name: str) -> Sheets:
    """Return which sheets are read where none is named. The workbook was read before."""
    with CalamineWorkbook.from_path(str(path)) as book:
        return _sheets(book, name)


def _sheets(book: CalamineWorkbook, name: str) -> Sheets:
    names = _names(book)
    if not names:
        raise FeedError(f"{name} holds no sheet of rows.")
    if len(names) == 1:
        return Sheets(names, [])
    starts = {each: next(_rows(book, each), None) for each in names}
    filled = {each: start.fields for each, start in starts.items() if start} or {names[0]: []}
    first = next(iter(filled.values()))
    alike = [each for each, fields in filled.items() if fields == first]
    return Sheets(alike, [each for each in filled if each not in alike])


def _rows(book: CalamineWorkbook, sheet: str) -> Iterator[Record]:
    for line, cells in enumerate(book.get_sheet_by_name(sheet).iter_rows(), start=1):
        fields = [_text(cell) for cell in cells]
        if any(fields):
            yield Record(line, fields)


def _names(book: CalamineWorkbook) -> list[str]:
    return [each.name for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]


def _checked(book: CalamineWorkbook, name: str, sheet: str) -> str:
    names = _names(book)
    if sheet not in names:
        raise FeedError(f"{name} has no sheet {sheet}. Its sheets are: {', '.join(names)}.")
    return sheet


def _text(cell: _Cell) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        whole = cell.time() == dt.time(0)
        return cell.date().isoformat() if whole else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
