"""A meeting offered with an email by its approver: when, for how long, and where."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from store.rules.calendar import Calendar
from store.rules.errors import InvalidInput
from store.rules.text.date_parsing import day_meant

MINUTES = 30
LONGEST_PLACE = 120
FURTHEST = dt.timedelta(days=60)

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Meeting:
    """Half an hour from ``starts``, an instant in UTC, at a place in the approver's words."""

    starts: dt.datetime
    place: str

    @property
    def ends(self) -> dt.datetime:
        """Return the end of the meeting, UTC."""
        return self.starts + dt.timedelta(minutes=MINUTES)

    def packed(self) -> dict[str, str]:
        """Return the meeting in the form that is stored, and fingerprinted with the approval."""
        return {"starts": self.starts.isoformat(), "place": self.place}


def meeting_of(kept: Mapping[str, Any] | None) -> Meeting | None:
    """Read a stored meeting, or None."""
    if kept is None:
        return None
    return Meeting(dt.datetime.fromisoformat(kept["starts"]), kept["place"])


def offered(
    day: str, clock: str, place: str, calendar: Calendar, now: dt.datetime
) -> Meeting | None:
    """Read the meeting that was typed; None where all fields are empty.

    Raises:
        InvalidInput: something is missing, or it is not a time at which people could meet.
    """
    day, clock = day.strip(), clock.strip()
    # Unicode marks that reverse the writing direction would scramble the sentence.
    place = " ".join("".join(each if each.isprintable() else " " for each in place).split())
    if not (day or clock or place):
        return None
    if not place or len(place) > LONGEST_PLACE:
        raise InvalidInput(
            f"Say where you could meet, in {LONGEST_PLACE} characters at most, or leave "
            "all three fields empty.",
            field="place",
        )
    starts = _instant(day, clock, calendar, calendar.local(now).date())
    local = calendar.local(starts)
    if not now < starts <= now + FURTHEST:
        raise InvalidInput("Choose a time in the next 60 days.", field="day")
    if not calendar.is_school_day(local.date()):
        raise InvalidInput("Choose a working day of the school.", field="day")
    return Meeting(starts, place)


def _instant(day: str, clock: str, calendar: Calendar, today: dt.date) -> dt.datetime:
    date = day_meant(day, today, "day")
    if not (read := _CLOCK.fullmatch(clock)):
        raise InvalidInput("Enter the time like this: 14:00.", field="time")
    at = dt.time(int(read[1]), int(read[2]))
    return dt.datetime.combine(date, at, ZoneInfo(calendar.timezone)).astimezone(dt.UTC)
