"""Panopto's viewing report: who watched which recording for how many minutes. Times are UTC."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import (
    Headings,
    TableRow,
    has_columns,
    is_heading_of,
    read_table,
)
from integrations.feeds.formats.matching.summary import BAD_TIME
from integrations.feeds.formats.model import (
    EMAIL,
    USERNAME,
    Declared,
    Event,
    EventFact,
    Format,
    Identifier,
    Item,
    Keeps,
    Need,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import Dates, needed_dates

HEADINGS: Headings = {
    "time": ("timestamp",),
    "user": ("username", "user name"),
    "user_id": ("user id",),
    "email": ("email",),
    "minutes": ("minutes delivered", "minutes viewed"),
}
_REQUIRED = ("time", "user", "minutes")
BAD_MINUTES = "the minutes are not a number"


def recognises(opened: Opened) -> bool:
    """Return whether the columns are those of the viewing report."""
    return has_columns(opened, HEADINGS, _REQUIRED)


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the report. A view of 0 minutes counts as activity."""
    dates = needed_dates(declared, opened.name)
    for row in read_table(opened, HEADINGS, _REQUIRED):
        yield row if isinstance(row, RefusedRow) else _view(row, dates)


def _view(row: TableRow, dates: Dates) -> Item:
    when = dates.read(row.values["time"])
    if when is None:
        return RefusedRow(row.line, BAD_TIME, _who(row))
    if isinstance(when, dt.datetime) and when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    try:
        minutes = float(_plain_number(row.values["minutes"]) or 0)
    except ValueError:
        return RefusedRow(row.line, BAD_MINUTES, _who(row), when)
    if not 0 <= minutes < 100_000:
        return RefusedRow(row.line, BAD_MINUTES, _who(row), when)
    label = "viewed" if minutes else "opened"
    return Event(row.line, _who(row), when, label, (EventFact("recordings"),), minutes=minutes)


def _plain_number(text: str) -> str:
    """Return a number with a decimal point alone: 12,5 as 12.5, and 1,234.5 as 1234.5."""
    if "," in text and ("." in text or re.fullmatch(r"\d{1,3}(?:,\d{3})+", text)):
        return text.replace(",", "")
    return text.replace(",", ".")


def _who(row: TableRow) -> tuple[Identifier, ...]:
    user = row.values["user"]
    named = (
        (USERNAME, user.rpartition("\\")[2]),
        ("panopto", user),
        ("panopto", row.values.get("user_id", "")),
        (EMAIL, row.values.get("email", "")),
    )
    return tuple((system, identifier) for system, identifier in named if identifier)


FORMAT = Format(
    key="panopto",
    name="Panopto viewing report",
    recognises=recognises,
    read=read,
    columns=("Timestamp", "User ID", "UserName", "Email", "Session ID", "Minutes Delivered"),
    example_name="panopto.csv",
    tried=Tried.SHAPE,
    keeps=Keeps(is_heading_of(HEADINGS)),
    needs=frozenset({Need.DATES}),
    example_options={"dates": "month-first"},
)
