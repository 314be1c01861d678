"""The export of Moodle's attendance plugin (mod_attendance): a row a person, a column a session.

Source: the plugin's ``export.php`` and ``renderhelpers.php``, in English. Course and group stand
above the header. A heading is the session's time and group; a cell is the status and its points,
``?`` where the register was not taken, empty where the session is another group's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import (
    Headings,
    find_columns,
    has_columns,
    normal,
    skip_to_header,
)
from integrations.feeds.formats.mappings.mapping import ABSENT, EXCUSED, LATE, PRESENT
from integrations.feeds.formats.mappings.registers import KINDS, NO_PERSON, UNKNOWN
from integrations.feeds.formats.model import (
    NUMBER,
    USERNAME,
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
from integrations.feeds.formats.times import Dates
from integrations.feeds.text_files import FeedError

HEADINGS: Headings = {
    "number": ("id number",),
    "username": ("username",),
    "moodle": ("student id",),
    "given": ("first name",),
    "taken": ("taken sessions",),
    "points": ("points",),
}
_SYSTEMS = {"number": NUMBER, "username": USERNAME, "moodle": "moodle"}
_REQUIRED = ("given", "taken", "points")
MARKS = {"p": PRESENT, "l": LATE, "e": EXCUSED, "a": ABSENT}
"""The statuses that the plugin comes with."""

OTHER_MARK = "the status is not P, L, E or A: draft a mapping that says what it means (--map)"
OTHER_GROUP = "a session of another group"
NOT_ENROLLED = "not enrolled in the course on that day"
_MARK = re.compile(r"(?P<status>[^\s(]+)(?: \([-\d.,]+ ?/ ?[-\d.,]+\))?")
_ENROLMENT = re.compile(r"←|(?:user )?enrolment .+", re.IGNORECASE)
_LONGEST_TIME = 5
"""Words of a heading that may be the session's time."""


def recognises(opened: Opened) -> bool:
    """Return whether the columns are those of the export: people, taken sessions and points."""
    return has_columns(opened, HEADINGS, _REQUIRED)


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read a mark for each person and session.

    English headings name the month. For other languages the format of dates has to be declared.
    """
    records = opened.rows()
    header = _header(
        opened.name, skip_to_header(records, HEADINGS, _REQUIRED, opened.name), declared.dates
    )
    for record in records:
        if record.reason:
            yield RefusedRow(record.line, record.reason)
        else:
            yield from header.items(record.line, record.fields)


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the people and the sessions are."""

    people: Sequence[tuple[str, int]]
    """(system, place) of what names a person."""
    sessions: Sequence[tuple[int, dt.datetime]]

    def items(self, line: int, fields: Sequence[str]) -> Iterator[Item]:
        """Yield what a person's row says about each session."""
        cells = [each.strip() for each in fields]
        who = tuple(
            (system, cells[place])
            for system, place in self.people
            if place < len(cells) and cells[place]
        )
        if not who:
            yield Passed(line, NO_PERSON)
            return
        for place, when in self.sessions:
            yield _of_session(line, who, cells[place] if place < len(cells) else "", when)


def _header(name: str, fields: Sequence[str], dates: Dates | None) -> _Header:
    """Find people and sessions in the header. Raises ``FeedError`` where there are none."""
    at = find_columns(fields, HEADINGS)
    people = [(system, at[key]) for key, system in _SYSTEMS.items() if key in at]
    if not people:
        raise FeedError(
            f"{name} has only names, which do not identify people. Export it again, and choose "
            "ID number or "
            "Username below Identify student by."
        )
    headings = enumerate(fields[: at["taken"]])
    sessions = [(place, when) for place, each in headings if (when := _time_of(each, dates))]
    if not sessions:
        raise FeedError(
            f"{name}: no column heading is the time of a session. Declare how dates are written, "
            "with --dates."
        )
    return _Header(people, sessions)


def _time_of(heading: str, dates: Dates | None) -> dt.datetime | None:
    """Return the time with which a session's heading begins; the group's name follows it."""
    words = heading.split()
    if dates is None:
        dates = Dates("day-first")
        if len(words) < 2 or not words[1].isalpha():
            return None
    for number in range(min(len(words), _LONGEST_TIME), 0, -1):
        found = dates.read(" ".join(words[:number]))
        if isinstance(found, dt.datetime):
            return found
    return None


def _of_session(line: int, who: tuple[Identifier, ...], cell: str, when: dt.datetime) -> Item:
    if cell in ("", "?"):
        return Passed(line, UNKNOWN if cell else OTHER_GROUP)
    if _ENROLMENT.fullmatch(cell):
        return Passed(line, NOT_ENROLLED)
    match = _MARK.fullmatch(cell)
    meaning = MARKS.get(match["status"].casefold()) if match else None
    if meaning is None:
        return RefusedRow(line, OTHER_MARK, who, when)
    item = f"session-{when:%Y-%m-%dT%H%M}"
    facts = tuple(EventFact("attendance", kind, item) for kind in KINDS[meaning])
    return Event(line, who, when, meaning, facts, late=meaning == LATE)


def _is_used(heading: str, declared: Declared) -> bool:
    named = any(normal(heading) in each for each in HEADINGS.values())
    return named or _time_of(heading, declared.dates) is not None


FORMAT = Format(
    key="moodle-attendance",
    name="Moodle attendance export",
    recognises=recognises,
    read=read,
    columns=("ID number or Username", "12 Oct 2026 9.00AM …", "Taken sessions", "Points"),
    example_name="attendance.txt",
    tried=Tried.SPECIFICATION,
    keeps=Keeps(_is_used),
    needs=frozenset({Need.MODULE}),
    example_options={"module": "M1"},
)
