"""Read terms or closures from an iCalendar file (RFC 5545), as calendars of offices export them.

Each event has to last whole days. Any other is refused with a sentence, never guessed: a closure
that was read wrongly would flag students on a day off.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty

from store.rules.calendar import Period
from store.rules.errors import InvalidInput
from store.rules.text.formatting import long_date

LARGEST = 2 << 20
"""Bytes."""
ONE_DAY = dt.timedelta(days=1)
_REPEATS = ("RRULE", "RDATE", "EXRULE")


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The periods of a file, the earliest first, and how many of its events were cancelled."""

    periods: tuple[Period, ...]
    cancelled: int = 0


def read_calendar_file(content: bytes, name: str, zone: dt.tzinfo) -> CalendarFile:
    """Read the file named ``name``; days begin and end in ``zone``, the school's.

    Raises:
        InvalidInput: it is not an iCalendar file, has no event, or has one that does not last whole
        days.
    """
    events = _newest(_events(content, name))
    in_force = [each for each in events if str(each.get("STATUS", "")).upper() != "CANCELLED"]
    if not in_force:
        raise InvalidInput(f"{name} has no event that is not cancelled. Export it again.")
    periods = {_period(each, name, zone) for each in in_force}
    ordered = sorted(periods, key=lambda each: (each.first, each.last, each.name))
    return CalendarFile(tuple(ordered), len(events) - len(in_force))


def file_content(path: Path) -> bytes:
    """Return the content of a calendar file. Raises ``InvalidInput`` where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise InvalidInput(
            f"{path.name}: there is no such file. Put it beside the policy document."
        ) from None
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise InvalidInput(f"{path.name} is larger than {LARGEST >> 20} MB. Export fewer years.")
    return content


def _events(content: bytes, name: str) -> list[Component]:
    try:
        calendars = Calendar.from_ical(content.decode("utf-8-sig"), multiple=True)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        calendars = []
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise InvalidInput(f"{name} is not an iCalendar file. Export it again, as .ics.")
    return [event for each in calendars for event in each.walk("VEVENT")]


def _newest(events: list[Component]) -> list[Component]:
    """Leave out each event of which the file has a later version, by its SEQUENCE."""
    latest: dict[tuple[str, str], int] = {}
    for each in events:
        latest[_key(each)] = max(_sequence(each), latest.get(_key(each), 0))
    return [each for each in events if not each.get("UID") or _sequence(each) == latest[_key(each)]]


def _key(event: Component) -> tuple[str, str]:
    return str(event.get("UID")), str(_instant(event, "RECURRENCE-ID"))


def _sequence(event: Component) -> int:
    said = str(event.get("SEQUENCE", "0"))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _instant(event: Component, key: str) -> Any:
    """Return a date, a time or a duration; None where there is none, or none that can be read."""
    try:
        return getattr(event.get(key), "dt", None)
    except BrokenCalendarProperty:
        return None


def _period(event: Component, name: str, zone: dt.tzinfo) -> Period:
    title = "".join(each if each.isprintable() else " " for each in str(event.get("SUMMARY", "")))
    title = " ".join(title.split())
    start, end, length = (_instant(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(start, dt.date):
        what = f'"{title}"' if title else "an event"
        raise InvalidInput(f"{name}: {what} has no day on which it begins. Correct it.")
    about = f'{name}: "{title or "the event"}" of {long_date(start)}'
    if not title:
        raise InvalidInput(f"{about} has no title (SUMMARY). Give it one.")
    if any(key in event for key in _REPEATS):
        raise InvalidInput(
            f"{about} repeats. A policy has fixed days: add an event of its own for each time."
        )
    if isinstance(length, dt.timedelta):
        end = start + length
    elif "DTEND" not in event and "DURATION" not in event and not isinstance(start, dt.datetime):
        end = start + ONE_DAY
    if type(end) is not type(start):
        raise InvalidInput(f"{about} has no end that can be read. Make it an all-day event.")
    first, after = (_beginning(each, zone, about) for each in (start, end))
    if after <= first:
        raise InvalidInput(f"{about} ends before it begins. Correct its end.")
    return Period(title, first, after - ONE_DAY)


def _beginning(at: dt.date, zone: dt.tzinfo, about: str) -> dt.date:
    """Return the day that begins at this time; refuse one that is not midnight at the school."""
    if not isinstance(at, dt.datetime):
        return at
    local = at.astimezone(zone) if at.tzinfo else at
    if local.time() != dt.time():
        raise InvalidInput(
            f"{about} begins or ends at {local:%H:%M}. Only whole days count: make it an all-day "
            "event, or delete it."
        )
    return local.date()
