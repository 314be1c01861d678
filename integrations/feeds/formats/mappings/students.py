"""Declared mappings for extracts of a student record system, such as SITS: one row a student.

Universities name the columns and status codes of such an extract themselves, so a person confirms
what each means. ``readers.student_extracts`` reads such a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.feeds.formats.files.tables import (
    Headings,
    find_columns,
    normal,
)
from integrations.feeds.formats.mappings.faults import Fault, open_columns, table_of
from integrations.feeds.formats.mappings.words import OPEN, plain, quoted
from integrations.feeds.roster.status import status_of

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


def faults_of(said: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a mapping that a person confirmed."""
    columns, statuses = table_of(said, "columns"), table_of(said, "statuses")
    yield from open_columns(columns, COLUMNS)
    if set(_REQUIRED) - set(columns):
        yield Fault(f"columns must name {', '.join(_REQUIRED)}", "columns")
    if "home_school" not in columns and str(said.get("home_school", "")) in ("", OPEN):
        yield Fault("home_school is not declared yet", key="home_school")
    for code, word in statuses.items():
        if not word or not status_of(word):
            yield Fault("what a status means is still open", "statuses", code)
    if "status" in columns and not statuses:
        yield Fault("there are no statuses", "statuses")


def mapping_of(said: Mapping[str, Any], name: str) -> StudentMapping:
    """Build a mapping from its text, which has no faults."""
    return StudentMapping(
        name,
        table_of(said, "columns"),
        {code.casefold(): word for code, word in table_of(said, "statuses").items()},
        str(said.get("programme", "")),
        str(said.get("home_school", "")),
    )
