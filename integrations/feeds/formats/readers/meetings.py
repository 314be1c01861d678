"""Attendance reports of Teams and Zoom: intervals of people in a meeting.

People are matched by address, never by a name, which they choose themselves. An interval is
attendance; these files do not have who was expected. The module is declared.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import (
    Headings,
    TableRow,
    below_header,
    find_columns,
    has_columns,
    is_heading_of,
    read_table,
)
from integrations.feeds.formats.matching.summary import BAD_TIME
from integrations.feeds.formats.model import (
    EMAIL,
    GUEST,
    Declared,
    Event,
    EventFact,
    Format,
    Identifier,
    Item,
    Keeps,
    Need,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import needed_dates
from integrations.feeds.text_files import FeedError

WAITING = "in the waiting room, not in the meeting"
NO_ADDRESS = "a guest or a telephone without an address"

TEAMS: Headings = {
    "join": (
        "join time", "first join", "beitrittszeit", "beitrittsuhrzeit", "erster beitritt",
        "heure de participation", "hora de entrada", "hora de unión", "ora di accesso",
        "deelnametijd",
    ),
    "leave": (
        "leave time", "last leave", "austrittszeit", "verlassenszeit", "letztes verlassen",
        "heure de départ", "hora de saída", "hora de salida", "ora di uscita",
        "tijd van vertrek",
    ),
    "duration": (
        "duration", "in-meeting duration", "dauer", "besprechungsdauer", "durée", "duração",
        "duración", "durata", "duur",
    ),
    "email": (
        "email", "e-mail", "e-mail-adresse", "adresse e-mail", "courrier électronique",
        "correo electrónico", "indirizzo e-mail", "e-mailadres",
    ),
    "upn": (
        "participant id (upn)", "upn", "teilnehmer-id (upn)", "id de participant (upn)",
    ),
    "role": ("role", "rolle", "rôle", "função", "rol", "ruolo"),
}  # fmt: skip
ZOOM: Headings = {
    "join": ("join time",),
    "leave": ("leave time",),
    "duration": ("duration (minutes)",),
    "email": ("user email", "email"),
    "waiting": ("in waiting room",),
    "guest": ("guest",),
}
_OLD_TEAMS: Headings = {
    "name": ("full name",), "action": ("user action",), "time": ("timestamp",),
}  # fmt: skip
_SECTION = re.compile(r"\d\.\s")
_PART = re.compile(r"(?<!\d)(\d++)\s*+([^\W\d]++)")


def is_teams(opened: Opened) -> bool:
    """Return whether the file is a Teams report with numbered parts, or the list of 2020."""
    rows = opened.first_rows
    if has_columns(opened, _OLD_TEAMS, ("name", "action", "time"), within=2):
        return True
    numbered = sum(bool(row and _SECTION.match(row[0])) and not any(row[1:]) for row in rows)
    return numbered > 0 and has_columns(opened, TEAMS, ("join", "leave", "role"), within=60)


def read_teams(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read each meeting's last part that lists people: the intervals, or else the participants.

    Raises ``FeedError`` for a list of 2020, which holds only names.
    """
    if has_columns(opened, _OLD_TEAMS, ("name", "action", "time"), within=2):
        raise FeedError(
            f"{opened.name} is a Teams list of 2020, which has only names. A name does not "
            "identify a person. Export the attendance report of the meeting instead. Nothing was "
            "loaded."
        )
    dates = needed_dates(declared, opened.name)
    rest = opened.rows()
    for first, last in _lists(opened) or [(0, sys.maxsize)]:
        # Both are bound here, since the rows are read lazily.
        after = dropwhile(lambda record, first=first: record.line <= first, rest)  # type: ignore[misc]
        records = takewhile(lambda record, last=last: record.line < last, after)  # type: ignore[misc]
        for row in below_header(records, TEAMS, ("join", "leave"), opened.name):
            if isinstance(row, RefusedRow):
                yield row
                continue
            who: tuple[Identifier, ...] = tuple(
                (EMAIL, found) for key in ("upn", "email") if (found := row.values.get(key, ""))
            )
            minutes = _minutes(row.values.get("duration", ""))
            yield _interval(row, dates.read(row.values["join"]), who, minutes, "teams")


def _lists(opened: Opened) -> list[tuple[int, int]]:
    """Return the lines around the last list of people of each meeting.

    Several reports in one file are one meeting after the other: each begins with its part 1.
    """
    parts: list[tuple[int, str, bool]] = []
    for record in opened.rows():
        fields = list(record.fields)
        if fields and _SECTION.match(fields[0]) and not any(fields[1:]):
            parts.append((record.line, fields[0][:1], False))
        elif parts and "join" in find_columns(fields, TEAMS):
            parts[-1] = (*parts[-1][:2], True)
    found: dict[int, tuple[int, int]] = {}
    meeting = 0
    for at, (line, number, has_people) in enumerate(parts):
        meeting += at > 0 and number <= parts[at - 1][1]
        if has_people:
            following = parts[at + 1][0] if at + 1 < len(parts) else sys.maxsize
            found[meeting] = (line, following)
    return list(found.values())


def is_zoom(opened: Opened) -> bool:
    """Return whether the file has Zoom's participants, below the meeting's own header."""
    return has_columns(opened, ZOOM, ("join", "leave", "duration", "email"))


def read_zoom(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the participants, without those in the waiting room."""
    dates = needed_dates(declared, opened.name)
    for row in read_table(opened, ZOOM, ("join", "leave", "duration", "email")):
        if isinstance(row, RefusedRow):
            yield row
        elif row.values.get("waiting", "").casefold() in ("yes", "ja", "oui", "true"):
            yield Passed(row.line, WAITING)
        else:
            email = row.values["email"]
            minutes = row.values["duration"]
            yield _interval(
                row,
                dates.read(row.values["join"]),
                ((EMAIL, email),) if email else (),
                float(minutes) if minutes.isascii() and minutes.isdigit() else 0.0,
                "zoom",
            )


def _interval(
    row: TableRow,
    join: dt.datetime | dt.date | None,
    who: tuple[Identifier, ...],
    minutes: float,
    kind: str,
) -> Item:
    if join is None:
        return RefusedRow(row.line, BAD_TIME, who or GUEST)
    if not who:
        return RefusedRow(row.line, NO_ADDRESS, GUEST)
    day = join.date() if isinstance(join, dt.datetime) else join
    fact = EventFact("attendance", item=f"{kind}-{day}")
    return Event(row.line, who, join, "attended", (fact,), minutes=minutes)


def _minutes(text: str) -> float:
    """Return a duration such as ``1h 3m 2s`` or ``12 Min. 3 Sek.`` in minutes; 0 if unreadable."""
    total = 0.0
    for number, unit in _PART.findall(text):
        word = unit.casefold()
        if word.startswith(("h", "st", "u", "o")):
            total += int(number[:6]) * 60
        elif word.startswith("m"):
            total += int(number[:6])
        elif word.startswith("s"):
            total += int(number[:6]) / 60
    return total


_IS_TEAMS = is_heading_of(TEAMS)


def _is_used(heading: str, declared: Declared) -> bool:
    """Return whether this is a used column of a Teams report, or the number of a part of it."""
    return bool(_SECTION.match(heading)) or _IS_TEAMS(heading, declared)


TEAMS_FORMAT = Format(
    key="teams",
    name="Teams attendance report",
    recognises=is_teams,
    read=read_teams,
    columns=("Join Time", "Leave Time", "Duration", "Email", "Participant ID (UPN)", "Role"),
    example_name="teams-attendance.csv",
    tried=Tried.SHAPE,
    keeps=Keeps(_is_used),
    needs=frozenset({Need.DATES, Need.MODULE}),
    example_options={"dates": "month-first", "module": "M1"},
)
ZOOM_FORMAT = Format(
    key="zoom",
    name="Zoom participants",
    recognises=is_zoom,
    read=read_zoom,
    columns=("User Email", "Join Time", "Leave Time", "Duration (Minutes)", "In Waiting Room"),
    example_name="zoom-participants.csv",
    tried=Tried.SHAPE,
    keeps=Keeps(is_heading_of(ZOOM)),
    needs=frozenset({Need.DATES, Need.MODULE}),
    example_options={"dates": "month-first", "module": "M1"},
)
