"""Open a OneRoster archive: its files, its manifest, and notes about it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.csv_tables import Rejections
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.text_files import read_records
from store.rules.text.formatting import counted

NEVER_READ = ("demographics.csv",)
_COLUMNS = {
    "schools": ("code", "name"),
    "modules": ("code", "title", "school"),
    "students": (
        "number", "given_name", "family_name", "level", "programme", "home_school",
        "university_email",
    ),
    "enrolments": ("number", "module", "starts", "ends", "status"),
}  # fmt: skip


@dataclass(slots=True)
class Delivered:
    """The contents of an archive: version, mode of each file, rows, roles, refused rows."""

    version: str
    modes: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    users_gone: int = 0
    users_disabled: int = 0
    not_there: tuple[str, ...] = ()
    refused: Counter[str] = field(default_factory=Counter)
    rejections: Rejections = field(default_factory=Rejections)

    def refuse(self, file: str, line: int, reason: str) -> None:
        """Count a refused row and record its line."""
        self.refused[reason] += 1
        self.rejections.add(file, line, reason)

    def notes(self) -> Iterator[str]:
        """Yield sentences on what a person should know about the archive."""
        modes = ", ".join(f"{count} {mode or 'no mode'}" for mode, count in self.modes.items())
        yield f"OneRoster {self.version}: {modes}."
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
        if self.not_there:
            yield f"Listed in the manifest, and not in the archive: {', '.join(self.not_there)}."


@dataclass(frozen=True, slots=True)
class RosterNumbers:
    """The numbers and modules already on the roster; ``level`` is for new students."""

    numbers: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    level: str = ""


def files_of(opened: Opened) -> dict[str, Path]:
    """Return the files of a delivery by lower-case name, without those never read."""
    return {
        name.casefold(): path
        for name, path in opened.members.items()
        if name.casefold() not in NEVER_READ
    }


def manifest_of(path: Path) -> dict[str, str]:
    """Read ``manifest.csv``: lower-case property → value."""
    found = {}
    for record in read_records(path):
        if len(record.fields) > 1:
            name = record.fields[0].replace("\ufeff", "").strip()
            found[name.casefold()] = record.fields[1].strip()
    return found


def write_files(folder: Path, rows: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Write the documented roster files: name → rows in the order of its columns."""
    for name, each in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS[name])
            writer.writerows(each)
