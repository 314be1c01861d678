"""Write an offered meeting as a calendar entry (RFC 5545).

It uses ``PUBLISH``, not ``REQUEST``: the student adds it if it suits them. No one is listed as
attending, no reply is requested, and calendars do not send answers by email.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from icalendar import Calendar, Event

from store.rules.letters.meeting import Meeting

FILE_NAME = "meeting.ics"


def calendar_entry(key: str, meeting: Meeting, title: str, now: dt.datetime) -> str:
    """Write the text of the file.

    The same ``key`` updates the same entry in a calendar.
    """
    event = Event()
    event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@lantern.invalid")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", meeting.starts.astimezone(dt.UTC))
    event.add("dtend", meeting.ends.astimezone(dt.UTC))
    event.add("summary", _on_one_line(title))
    event.add("location", _on_one_line(meeting.place))
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    file = Calendar()
    for name, value in (
        ("version", "2.0"),
        ("prodid", "-//Lantern//Lantern//EN"),
        ("method", "PUBLISH"),
    ):
        file.add(name, value)
    file.add_component(event)
    written: bytes = file.to_ical(sorted=False)
    return written.decode()


def _on_one_line(text: str) -> str:
    """Replace line breaks and control characters by blanks, since calendars show them."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
