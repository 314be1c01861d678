"""Read Excel and OpenDocument workbooks as rows of text, with dates in ISO 8601."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from integrations.activity.errors import is_of_the_machine
from integrations.feeds.text_files import FeedError, Record

_Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def rows(path: Path, name: str, sheet: str = "") -> Generator[Record]:
    """Yield every row of a sheet that is not blank; by default of the first that has any.

    Raises ``FeedError`` where the workbook cannot be read, or has no such sheet.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for line, cells in enumerate(
                book.get_sheet_by_name(_sheet(book, name, sheet)).iter_rows(), start=1
            ):
                fields = [_text(cell) for cell in cells]
                if any(fields):
                    yield Record(line, fields)
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


def _names(book: CalamineWorkbook) -> list[str]:
    return [each.name for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]


def _sheet(book: CalamineWorkbook, name: str, sheet: str) -> str:
    names = _names(book)
    if not names:
        raise FeedError(f"{name} holds no sheet of rows.")
    if sheet and sheet not in names:
        raise FeedError(f"{name} has no sheet {sheet}. Its sheets are: {', '.join(names)}.")
    with_rows = (each for each in names if book.get_sheet_by_name(each).height)
    return sheet or next(with_rows, names[0])


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
