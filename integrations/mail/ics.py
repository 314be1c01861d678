"""A meeting that is offered by email, as an entry for any calendar (RFC 5545).

``PUBLISH`` and not ``REQUEST``: the student adds it where it suits them. No one is listed as
attending, nothing asks for a click in return, and no answer of a calendar comes back as a letter.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from store.rules.letters.meeting import Meeting

FILE_NAME = "meeting.ics"


def calendar_entry(key: str, meeting: Meeting, title: str, now: dt.datetime) -> str:
    """The text of the file. The same ``key`` is the same entry in a calendar, however often."""
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lantern//Lantern//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{name}@lantern.invalid",
        f"DTSTAMP:{_instant(now)}",
        f"DTSTART:{_instant(meeting.starts)}",
        f"DTEND:{_instant(meeting.ends)}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(meeting.place)}",
        "TRANSP:OPAQUE",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A text that cannot end its line and begin another property."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """At most 75 octets a line, and no character cut in two; a blank begins each further one."""
    parts, room = [""], 75
    for each in line:
        if len(f"{parts[-1]}{each}".encode()) > room:
            parts.append("")
            room = 74
        parts[-1] += each
    return "\r\n ".join(parts)
