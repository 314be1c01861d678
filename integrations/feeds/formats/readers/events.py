"""The documented event feed, with any separator, encoding and compression, or as a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.feeds.event_columns import EVENT_KINDS, EVENTS, MOST_COUNTED
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
from store.rules.model import MarkerFamily

_NAMES = (*EVENTS.required, *EVENTS.optional)
HEADINGS: Headings = {name: (name.replace("_", " "),) for name in _NAMES}
_REQUIRED = EVENTS.required
_TOTALS = ("total", "grand total", "subtotal", "sub total", "sum")


def recognises(opened: Opened) -> bool:
    """Return whether the columns are those of the event feed."""
    return has_columns(opened, HEADINGS, _REQUIRED)


def has_header_first(opened: Opened) -> bool:
    """Return whether nothing stands above the header, such as a title."""
    return has_columns(opened, HEADINGS, _REQUIRED, within=1)


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the feed; dates are ISO 8601, or as declared."""
    dates = declared.dates or Dates("year-first")
    for row in read_table(opened, HEADINGS, _REQUIRED):
        yield row if isinstance(row, RefusedRow) else _event(row, dates)


def _event(row: TableRow, dates: Dates) -> Item:
    of = row.values.get
    family, kind, item = of("family", "").casefold(), of("kind", "").casefold(), of("item", "")
    at, count, until = dates.read(of("at", "")), of("count", "") or "1", of("until", "")
    if of("student_number", "").casefold().rstrip(":s") in _TOTALS and at is None:
        return Passed(row.line, "a row of totals")
    who = ((NUMBER, of("student_number", "")),)
    reason = (
        f"the family is not one of {', '.join(MarkerFamily)}"
        if family not in set(MarkerFamily)
        else f"the kind is neither {' nor '.join(EVENT_KINDS)}"
        if kind not in EVENT_KINDS
        else BAD_TIME
        if at is None
        else f"the count is not a whole number from 1 to {MOST_COUNTED:,}"
        if not (count.isascii() and count.isdigit() and 1 <= int(count[:9]) <= MOST_COUNTED)
        else ""
    )
    if reason or at is None:
        return RefusedRow(row.line, reason, who, at)
    ends = dates.read(until) if until else None
    if until and ends is None:
        return RefusedRow(row.line, "until is not a date or time as declared", who, at)
    return Event(
        row.line,
        who,
        at,
        f"{family} {kind}",
        (EventFact(family, kind, item, int(count), str(ends or "")),),
        module=of("module", ""),
    )


FORMAT = Format(
    key="events",
    name="Lantern's event feed",
    recognises=recognises,
    read=read,
    columns=_NAMES,
    example_name="events.csv",
    tried=Tried.OWN,
    files=(EVENTS,),
    command="lantern ingest events {file} --source NAME",
    about=(
        "One header row, columns in any order. A file covers the days of its rows, or those that "
        "you declare (--from and --to), and replaces older files of its source on them, for the "
        "modules that it has rows of. There a day without a row means that nothing happened."
    ),
    keeps=Keeps(is_heading_of(HEADINGS)),
)
