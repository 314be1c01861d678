"""The documented roster feed: a folder with any of five CSV files.

============== ==================================================================================
schools.csv    code, name; optionally faculty
staff.csv      email, name, roles (``LANG:adviser;LANG:engagement-lead``); optionally trained_on
               (ISO date of the recorded training), sandbox_user (id on the sandbox workspace)
modules.csv    code, title, school (a code); optionally organiser (e-mail address)
students.csv   number, given_name, family_name, level, programme, home_school (a code); optionally
               contributing_schools (codes with ``;``), university_email, personal_email, adviser
               (e-mail address), language (a tag such as ``cy``; en where there is none)
enrolments.csv number, module (a code), starts (ISO date); optionally ends (ISO date, included)
============== ==================================================================================

UTF-8, comma-separated, one header row; columns in any order, others are ignored. What a delivery
does not mention stays as it is: a row, a file, and an optional column that a file does not have.
An empty value of a column that is there means none, but of trained_on and sandbox_user: training
and identities are also recorded elsewhere. A row may refer to schools, modules and students of
the same delivery or to those known from before; everything else is left out and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from integrations.feeds import roster_rows as rows
from integrations.feeds.csv_tables import Rejections, TextTable
from integrations.feeds.text_files import FeedError
from store.rules.schools import (
    EnrolmentEntry,
    ModuleEntry,
    RejectedRow,
    Roster,
    SchoolEntry,
    StaffEntry,
    StudentEntry,
)

FILES = ("schools.csv", "staff.csv", "modules.csv", "students.csv", "enrolments.csv")

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Known:
    """The codes and student numbers that are on the roster already."""

    schools: Collection[str] = frozenset()
    modules: Collection[str] = frozenset()
    numbers: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterDelivery:
    """What could be read, and what was left out: the first thousand rows, and how many."""

    roster: Roster
    rejected: tuple[RejectedRow, ...] = ()
    rejected_total: int = 0
    notes: tuple[str, ...] = ()


def read_roster(folder: Path, known: Known | None = None) -> RosterDelivery:
    """Read the files of a delivery. Raises ``FeedError`` where there is none, or a wrong one."""
    if not any((folder / name).is_file() for name in FILES):
        raise FeedError(f"{folder.name} holds no roster file. Expected any of {', '.join(FILES)}.")
    reader = _Reader(folder, known or Known())
    return RosterDelivery(
        Roster(
            schools=reader.schools(),
            staff=reader.staff(),
            modules=reader.modules(),
            students=reader.students(),
            enrolments=reader.enrolments(),
            unsaid=frozenset(reader.unsaid),
        ),
        tuple(reader.rejections.rows),
        reader.rejections.total,
        tuple(reader.notes),
    )


@dataclass(slots=True)
class _Reader:
    """Reads the files in the order in which they refer to each other."""

    folder: Path
    known: Known
    rejections: Rejections = field(default_factory=Rejections)
    notes: list[str] = field(default_factory=list)
    unsaid: set[tuple[str, str]] = field(default_factory=set)
    school_codes: set[str] = field(init=False)
    module_codes: set[str] = field(init=False)
    numbers: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.school_codes = set(self.known.schools)
        self.module_codes = set(self.known.modules)
        self.numbers = set(self.known.numbers)

    def schools(self) -> tuple[SchoolEntry, ...]:
        entries = self._read(
            "schools.csv", ("code", "name"), ("faculty",), rows.school, lambda entry: entry.code
        )
        self.school_codes |= {entry.code for entry in entries}
        return entries

    def staff(self) -> tuple[StaffEntry, ...]:
        return self._read(
            "staff.csv",
            ("email", "name", "roles"),
            ("trained_on", "sandbox_user"),
            lambda row: rows.staff(row, self.school_codes),
            lambda entry: entry.email.casefold(),
        )

    def modules(self) -> tuple[ModuleEntry, ...]:
        entries = self._read(
            "modules.csv",
            ("code", "title", "school"),
            ("organiser",),
            lambda row: rows.module(row, self.school_codes),
            lambda entry: entry.code,
        )
        self.module_codes |= {entry.code for entry in entries}
        return entries

    def students(self) -> tuple[StudentEntry, ...]:
        entries = self._read(
            "students.csv",
            ("number", "given_name", "family_name", "level", "programme", "home_school"),
            ("contributing_schools", "university_email", "personal_email", "adviser", "language"),
            lambda row: rows.student(row, self.school_codes),
            lambda entry: entry.number,
        )
        self.numbers |= {entry.number for entry in entries}
        return entries

    def enrolments(self) -> tuple[EnrolmentEntry, ...]:
        return self._read(
            "enrolments.csv",
            ("number", "module", "starts"),
            ("ends",),
            lambda row: rows.enrolment(row, self.numbers, self.module_codes),
            lambda entry: (entry.number, entry.module, entry.starts),
        )

    def _read(
        self,
        name: str,
        required: tuple[str, ...],
        optional: tuple[str, ...],
        entry_of: Callable[[rows.Row], Entry],
        key_of: Callable[[Entry], Hashable],
    ) -> tuple[Entry, ...]:
        path = self.folder / name
        if not path.is_file():
            return ()
        table = TextTable(path, required, optional, self.rejections)
        self.unsaid |= {(path.stem, column) for column in table.missing}
        entries: dict[Hashable, Entry] = {}
        for line, values in table:
            try:
                entry = entry_of(rows.row((*required, *optional), values))
                if key_of(entry) in entries:
                    raise rows.Refused("stands in the file a second time")
                entries[key_of(entry)] = entry
            except rows.Refused as refused:
                self.rejections.add(name, line, str(refused))
        if table.guessed:
            self.notes.append(
                f"{name}: {table.guessed} lines were not UTF-8 and were read as Windows-1252."
            )
        return tuple(entries.values())
