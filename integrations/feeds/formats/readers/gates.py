"""Swipes at library and building gates. The building is not read; exits are not visits."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.feeds.card_swipes import FAMILY
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
    NUMBER,
    USERNAME,
    Declared,
    Event,
    EventFact,
    Format,
    Item,
    Keeps,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import Dates

HEADINGS: Headings = {
    "person": ("username", "user name", "student id", "student number", "card number", "user id"),
    "time": ("timestamp", "date time", "event time"),
    "direction": ("direction of access", "direction", "in/out"),
    "place": ("access id", "site", "door", "reader", "gate"),
}
_REQUIRED = ("person", "time", "direction")
EXIT = "an exit, not a visit"
_OUT = ("o", "out", "exit", "e")


def recognises(opened: Opened) -> bool:
    """Return whether the columns are people, times and directions of access."""
    return has_columns(opened, HEADINGS, _REQUIRED, within=3)


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the entries; times are ISO 8601, or as declared."""
    dates = declared.dates or Dates("year-first")
    for row in read_table(opened, HEADINGS, _REQUIRED):
        yield row if isinstance(row, RefusedRow) else _swipe(row, dates)


def _swipe(row: TableRow, dates: Dates) -> Item:
    if row.values["direction"].casefold() in _OUT:
        return Passed(row.line, EXIT)
    when = dates.read(row.values["time"])
    if when is None:
        return RefusedRow(row.line, BAD_TIME)
    person = row.values["person"]
    who = ((USERNAME, person), (NUMBER, person), ("card", person))
    return Event(row.line, who, when, "entry", (EventFact(FAMILY),))


FORMAT = Format(
    key="gates",
    name="Gate swipes",
    recognises=recognises,
    read=read,
    columns=("USERNAME", "TIMESTAMP", "DIRECTION_OF_ACCESS"),
    example_name="gates.tsv",
    tried=Tried.SHAPE,
    keeps=Keeps(is_heading_of(HEADINGS)),
    swipes=True,
)
