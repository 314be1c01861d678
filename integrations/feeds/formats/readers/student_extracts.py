"""Extracts of a student record system, such as SITS, by a confirmed mapping.

``convert`` writes the documented roster: the new students, and who of the known has left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import TableRow, normal, read_table
from integrations.feeds.formats.mappings.students import StudentMapping
from integrations.feeds.formats.model import Declared, Format, Item, Need, RefusedRow, Tried
from integrations.feeds.formats.readers.roster_files import (
    PROGRAMME,
    Delivered,
    RosterNumbers,
    write_files,
)
from integrations.feeds.formats.times import Dates
from integrations.feeds.roster.status import Status, status_of
from integrations.feeds.text_files import FeedError


def format_of(mapping: StudentMapping) -> Format:
    """Make a format from a mapping, usable like those of the registry.

    Its ``read`` raises ``FeedError``: an extract has no events.
    """

    def recognises(opened: Opened) -> bool:
        return any(mapping.matches(row) for row in opened.first_rows[:8])

    def read(opened: Opened, _: Declared) -> Iterator[Item]:
        raise FeedError(f"{opened.name} is an extract of students, and holds no events.")

    return Format(
        key="mapping",
        name=f"students read by the mapping {mapping.name}",
        recognises=recognises,
        read=read,
        columns=tuple(mapping.columns.values()),
        example_name="",
        tried=Tried.OWN,
        needs=frozenset({Need.LEVEL}),
    )


@dataclass(slots=True)
class _People:
    """The students of an extract: of several courses of one a current one counts, else the last."""

    rows: dict[str, tuple[Status, tuple[str, ...]]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def add(self, number: str, word: str, row: tuple[str, ...]) -> None:
        """Add a course of a student, with the word of its status."""
        status, before = status_of(word), self.rows.get(number)
        if status and (
            before is None or status is Status.CURRENT or before[0] is not Status.CURRENT
        ):
            self.rows[number] = status, row
            self.words[number] = word


def convert(
    mapping: StudentMapping, opened: Opened, folder: Path, known: RosterNumbers, _: Dates | None
) -> Delivered:
    """Write the documented roster from an extract: new students, and who of the known has left."""
    delivered, people = Delivered("Students"), _People()
    headings = {name: (normal(heading),) for name, heading in mapping.columns.items()}
    for row in read_table(opened, headings, tuple(headings)):
        delivered.rows[opened.name] += 1
        if isinstance(row, RefusedRow):
            delivered.refuse(opened.name, row.line, row.reason)
        elif reason := _add(mapping, row, known, people):
            delivered.refuse(opened.name, row.line, reason)
    delivered.statuses.update(people.words.values())
    new = [
        row
        for number, (status, row) in people.rows.items()
        if status is Status.CURRENT and number not in known.numbers
    ]
    gone = [
        (number, module, starts.isoformat(), "", people.words[number])
        for number, (status, _row) in people.rows.items()
        if status is not Status.CURRENT
        for module, starts in known.enrolled.get(number, {}).items()
    ]
    write_files(folder, {"students": new, "enrolments": gone})
    return delivered


def _add(mapping: StudentMapping, row: TableRow, known: RosterNumbers, people: _People) -> str:
    """Add a row's student; return why that cannot be done, else ''."""
    of = row.values
    number = of["number"].partition("/")[0]  # SITS numbers a student's courses after a stroke.
    code = of.get("status", "")
    word = mapping.statuses.get(code.casefold(), "" if code else "current")
    if not number:
        return "there is no student number"
    if not word or not status_of(word):
        return "the status is not in the mapping"
    if not known.level and number not in known.numbers:
        return "a new student: declare --level"
    home = of.get("home_school", "") or mapping.home_school
    programme = of.get("programme", "") or mapping.programme or PROGRAMME
    names = (of["given_name"], of["family_name"])
    email = of.get("university_email", "")
    people.add(number, word, (number, *names, known.level, programme, home, email))
    return ""
