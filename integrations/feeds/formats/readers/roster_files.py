"""What becomes of an archive of people: the documented roster files, and notes about it."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.csv_tables import Rejections
from store.rules.text.formatting import counted

PROGRAMME = "Not stated"
"""The programme of a student whose file says none."""

_COLUMNS = {
    "schools": ("code", "name"),
    "modules": ("code", "title", "school"),
    "students": (
        "number", "given_name", "family_name", "level", "programme", "home_school",
        "university_email",
    ),
    "enrolments": ("number", "module", "starts", "ends", "status"),
    "identifiers": ("number", "system", "value"),
}  # fmt: skip


@dataclass(slots=True)
class Delivered:
    """The contents of an archive: version, mode of each file, rows, roles, refused rows."""

    version: str
    """The format's name, and its version where it has one."""
    modes: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    users_gone: int = 0
    users_disabled: int = 0
    not_students: int = 0
    """People who are enrolled nowhere as students, where only that tells who is one."""
    statuses: Counter[str] = field(default_factory=Counter)
    """People by the word of their status, where a mapping says what codes mean."""
    not_there: tuple[str, ...] = ()
    refused: Counter[str] = field(default_factory=Counter)
    rejections: Rejections = field(default_factory=Rejections)

    def refuse(self, file: str, line: int, reason: str) -> None:
        """Count a refused row and record its line."""
        self.refused[reason] += 1
        self.rejections.add(file, line, reason)

    def notes(self) -> Iterator[str]:
        """Yield sentences on what a person should know about the archive."""
        modes = [f"{count} {mode or 'no mode'}" for mode, count in self.modes.items()]
        yield f"{self.version}: {', '.join(modes or self.rows)}."
        if self.users_gone:
            yield (
                f"{counted(self.users_gone, 'person is', 'people are')} to be deleted: their "
                "enrolments end."
            )
        if self.users_disabled:
            yield (
                f"{counted(self.users_disabled, 'account is', 'accounts are')} disabled: a sign to "
                "check, not a leaver."
            )
        others = [f"{n} {role or 'none'}" for role, n in self.roles.items() if role != "student"]
        if others:
            yield f"Left aside, by role: {', '.join(others)}."
        if self.not_students:
            yield (
                f"{counted(self.not_students, 'person is', 'people are')} a student on no course "
                "in it, and left aside."
            )
        if self.statuses:
            by_word = ", ".join(f"{n} {word}" for word, n in self.statuses.most_common())
            people = counted(self.statuses.total(), "person", "people")
            yield f"{people}: {by_word}. The enrolments of those who left end."
        if self.not_there:
            yield f"Listed in the manifest, and not in the archive: {', '.join(self.not_there)}."


@dataclass(frozen=True, slots=True)
class RosterNumbers:
    """The numbers and modules already on the roster; ``level`` is for new students.

    ``enrolled`` maps a number to its modules whose enrolment is open, each with its first day.
    """

    numbers: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    level: str = ""
    enrolled: Mapping[str, Mapping[str, dt.date]] = field(default_factory=dict)


def write_files(folder: Path, rows: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Write the documented roster files: name → rows in the order of its columns."""
    for name, each in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS[name])
            writer.writerows(each)
