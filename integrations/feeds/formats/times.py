"""Read dates and times in files: ISO 8601 always, other forms as declared."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from integrations.feeds.text_files import FeedError

if TYPE_CHECKING:
    from integrations.feeds.formats.model import Declared

ORDERS = ("day-first", "month-first", "year-first")
HELP = (
    "day-first (5/10/2026), month-first (10/5/2026), year-first (2026-10-05), or a pattern such "
    "as '%d/%m/%y, %H:%M'"
)

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?"
)
_LOOSE = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?P<a>\d{1,4}|[A-Za-z]{3,9})[-/. ](?P<b>\d{1,2}|[A-Za-z]{3,9})[,]?[-/. ]"
    r"(?P<c>\d{1,4})"
    r"(?:(?:, ?| +|T)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:\.\d+)?)?"
    r"(?:[  ]?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)


def iso_time(text: str) -> dt.datetime | dt.date | None:
    """Read an ISO 8601 date or time, also with ``t``, ``z`` or nanoseconds; else None."""
    plain = text.strip().upper()
    if not _ISO.fullmatch(plain):
        return None
    try:
        if len(plain) == 10:
            return dt.date.fromisoformat(plain)
        return dt.datetime.fromisoformat(plain.replace(",", "."))
    except ValueError:
        return None


def format_time(at: dt.datetime | dt.date, zone: dt.tzinfo) -> str:
    """Write a time for the event feed, with its offset; times without a zone are in ``zone``.

    In the hour that is repeated when the clocks go back, the earlier time is meant. Raises
    ``OverflowError`` or ``ValueError`` at the ends of the calendar.
    """
    if not isinstance(at, dt.datetime):
        return at.isoformat()
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Dates:
    """A declared date format: one of ``ORDERS``, or a pattern for ``strptime``."""

    declared: str

    def read(self, text: str) -> dt.datetime | dt.date | None:
        """Read a date or time as declared, or in ISO 8601; None for anything else."""
        plain = " ".join(text.split())  # of whatever width the blanks are
        if (found := iso_time(plain)) is not None:
            return found
        try:
            if "%" in self.declared:
                return _by_pattern(plain, self.declared)
            return _by_order(plain, self.declared)
        except (ValueError, OverflowError):
            return None


def declared_dates(text: str) -> Dates:
    """Parse a declared date format. Raises ``FeedError`` with what is allowed."""
    word = text.strip()
    if word.casefold() in ORDERS:
        return Dates(word.casefold())
    if "%" in word and all(any(f"%{part}" in word for part in parts) for parts in _PARTS):
        return Dates(word)
    raise FeedError(f"The dates cannot be declared in this way. Give one of: {HELP}.")


_PARTS = (("d", "x", "c"), ("m", "b", "B", "x", "c"), ("y", "Y", "x", "c"))


def needed_dates(declared: Declared, name: str) -> Dates:
    """Return the declared date format. Raises ``FeedError`` where none was declared."""
    if declared.dates is None:
        raise FeedError(f"{name} needs a declaration: how are its dates written? --dates {HELP}.")
    return declared.dates


def declared_zone(text: str) -> ZoneInfo:
    """Find a time zone by its name. Raises ``FeedError`` where there is none."""
    try:
        return ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError):
        raise FeedError(
            "There is no time zone of this name. Give one such as Europe/London, UTC or "
            "Asia/Kuala_Lumpur."
        ) from None


def _by_pattern(text: str, pattern: str) -> dt.datetime | dt.date:
    found = dt.datetime.strptime(text, pattern)  # noqa: DTZ007 -- the zone is declared apart
    return found if "%H" in pattern or "%I" in pattern else found.date()


def _by_order(text: str, order: str) -> dt.datetime | dt.date | None:
    match = _LOOSE.fullmatch(text)
    if not match:
        return None
    a, b, c = match["a"], match["b"], match["c"]
    if order == "year-first":
        year, month, day = a, b, c
    elif order == "month-first" or a.isalpha():
        month, day, year = a, b, c
    else:
        day, month, year = a, b, c
    if len(year) not in (2, 4) or not day.isdigit() or not year.isdigit():
        return None
    date = dt.date(int(year) + (2000 if len(year) == 2 else 0), _month(month), int(day))
    if match["hour"] is None:
        return date
    return dt.datetime.combine(
        date,
        dt.time(
            _hour(int(match["hour"]), match["half"]),
            int(match["minute"]),
            int(match["second"] or 0),
        ),
    )


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _MONTHS.split().index(text[:3].casefold()) + 1


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no such hour of half a day")
    return hour % 12 + (12 if half in "Pp" else 0)
