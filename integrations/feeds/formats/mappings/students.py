"""Declared mappings for extracts of a student record system, such as SITS: one row a student.

Universities name the columns and status codes of such an extract themselves, so a person confirms
what each means. ``convert`` writes the documented roster: students, and who of them has left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import (
    Headings,
    TableRow,
    find_columns,
    normal,
    read_table,
)
from integrations.feeds.formats.mappings.words import OPEN, plain, quoted
from integrations.feeds.formats.model import Declared, Format, Item, Need, RefusedRow, Tried
from integrations.feeds.formats.roster_files import (
    PROGRAMME,
    Delivered,
    RosterNumbers,
    write_files,
)
from integrations.feeds.formats.times import Dates
from integrations.feeds.roster.status import Status, status_of
from integrations.feeds.text_files import FeedError

LAYOUT = "students"
COLUMNS = (
    "number", "given_name", "family_name", "programme", "home_school", "university_email",
    "status",
)  # fmt: skip
_REQUIRED = ("number", "given_name", "family_name")
_MOST_STATUSES = 30
GUESSES: Headings = {
    "number": ("stu code", "student number", "student id", "student no", "number", "spr code"),
    "given_name": ("stu fnm1", "stu fusd", "forename", "first name", "given name", "forenames"),
    "family_name": ("stu surn", "surname", "last name", "family name"),
    "programme": (
        "sce crsc", "scj crsc", "spr pwyc", "programme", "program", "course", "course code",
    ),
    "home_school": ("sce dptc", "scj dptc", "department", "school", "faculty"),
    "university_email": ("stu caem", "stu inem", "university email", "email", "email address"),
    "status": (
        "sce stac", "scj stac", "stu sta1", "status", "student status", "enrolment status",
    ),
}  # fmt: skip
"""Headings of SITS as universities publish them, and plain ones."""
_CODES = {"c": "current", "wd": "withdrawn"}
"""Status codes that nearly all universities share; any other is left open."""


@dataclass(frozen=True, slots=True)
class StudentMapping:
    """A confirmed mapping. ``columns`` maps our names to headings, ``statuses`` codes to words."""

    name: str
    columns: Mapping[str, str]
    statuses: Mapping[str, str]
    programme: str = ""
    home_school: str = ""

    def matches(self, header: Sequence[str]) -> bool:
        """Return whether a header has all columns of this mapping."""
        names = {normal(each) for each in header}
        return all(normal(heading) in names for heading in self.columns.values())


def is_of_students(header: Sequence[str]) -> bool:
    """Return whether a table names its students: a row says who one is, not what they did."""
    return set(_REQUIRED) | {"status"} <= find_columns(header, GUESSES).keys()


def draft(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write the draft. It has the file's headings and status codes, but never other values."""
    found = find_columns(header, GUESSES)
    at = found["status"]
    codes = Counter(row[at].strip() for row in rows if at < len(row))
    lines = [
        f"# How to read students from files like {plain(name)}. Check every line, then set",
        "# confirmed = true. Loaded with --level, and --dry-run shows what would be read.",
        f"# The columns of the file: {', '.join(map(plain, header))}",
        "confirmed = false",
        f'layout = "{LAYOUT}"',
        f"home_school = {quoted('' if 'home_school' in found else OPEN)}"
        "   # the school's code, where no column says it",
        'programme = ""   # where no column says it',
        "",
        f"[columns]   # {', '.join(COLUMNS)}",
        *(f"{key} = {quoted(header[place])}" for key, place in found.items()),
        "",
        "[statuses]   # each means one of: current, withdrawn, interrupted, completed, deceased",
    ]
    for code, _ in codes.most_common(_MOST_STATUSES):
        word = code if status_of(code) and len(code) > 1 else _CODES.get(code.casefold(), OPEN)
        lines.append(f"{quoted(code)} = {quoted(word)}")
    return "\n".join(lines) + "\n"


def checked(said: Mapping[str, Any], name: str) -> StudentMapping:
    """Check a mapping's text. Raises ``FeedError`` with what is wrong."""
    columns = {str(key): str(value) for key, value in dict(said.get("columns", {})).items()}
    statuses = {
        str(key).casefold(): str(value) for key, value in dict(said.get("statuses", {})).items()
    }
    home = str(said.get("home_school", ""))
    for wrong, what in (
        (set(columns) - set(COLUMNS), f"columns may only be {', '.join(COLUMNS)}"),
        (set(_REQUIRED) - set(columns), f"columns must name {', '.join(_REQUIRED)}"),
        (OPEN in columns.values(), "a column is still open"),
        ("home_school" not in columns and home in ("", OPEN), "home_school is not declared yet"),
        (not all(word and status_of(word) for word in statuses.values()), "a status is still open"),
        ("status" in columns and not statuses, "there are no statuses"),
    ):
        if wrong:
            raise FeedError(f"The mapping {name} cannot be used: {what}. Correct it.")
    return StudentMapping(name, columns, statuses, str(said.get("programme", "")), home)


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
