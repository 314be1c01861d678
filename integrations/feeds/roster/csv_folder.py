"""The documented roster feed: a folder with any of the six CSV files of ``columns``.

One header row; columns in any order and case, others are named in the report and not used. Data
that a delivery does not have stays as it is: a row, a file, or an optional column. An empty value
in an existing column deletes the stored one, except for trained_on and sandbox_user: training and
identities are also recorded elsewhere. A row may refer to schools, modules and students of the same
delivery or to those known from before; everything else is left out and reported. Of two rows for a
student on one module the open one counts, whatever their order; an end before the start is a
withdrawal before it. Addresses compare without case.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from integrations.feeds.csv_tables import Rejections, TextTable
from integrations.feeds.documented import DocumentedFile
from integrations.feeds.roster import columns, rows
from integrations.feeds.roster.delivery import Known, RosterDelivery
from integrations.feeds.roster.enrolments import one_for_each_module
from integrations.feeds.roster.files import roster_files
from integrations.feeds.roster.renumbered import Sorted, sort_students
from integrations.feeds.student_numbers import KnownNumbers, plainly_written
from integrations.feeds.text_files import FeedError
from store.rules.schools import (
    EnrolmentEntry,
    IdentifierEntry,
    ModuleEntry,
    Roster,
    SchoolEntry,
    StaffEntry,
    StudentEntry,
)
from store.rules.text.formatting import counted

LINES_NAMED = 5
"""Lines that a note names; the rest are counted."""

Entry = TypeVar("Entry")


def read_roster(
    folder: Path, known: Known | None = None, *, complete: bool = False
) -> RosterDelivery:
    """Read the files of a delivery. Raises ``FeedError`` where there is none, or a wrong one.

    ``complete``: anyone missing from it has left. Then no row of staff, students or enrolments may
    be wrong, since its person would seem to have left.
    """
    files, notes = roster_files(folder)
    reader = _Reader(files, known or Known(), notes=notes)
    schools, staff, modules = reader.schools(), reader.staff(), reader.modules()
    entries = reader.students()
    identifiers = reader.identifiers()
    students = reader.sort(entries, identifiers)
    enrolments = reader.enrolments()
    if complete:
        reader.check_complete()
    return RosterDelivery(
        Roster(
            schools=schools,
            staff=staff,
            modules=modules,
            students=students.students,
            enrolments=enrolments,
            identifiers=identifiers,
            renumbered=students.renumbered,
            questions=students.questions,
            complete=frozenset(reader.whole) if complete else frozenset(),
            unsaid=frozenset(reader.unsaid),
        ),
        tuple(reader.rejections.rows),
        reader.rejections.total,
        tuple(reader.notes),
    )


@dataclass(slots=True)
class _Reader:
    """Reads the files in the order in which they refer to each other."""

    files: Mapping[str, Path]
    known: Known
    rejections: Rejections = field(default_factory=Rejections)
    notes: list[str] = field(default_factory=list)
    unsaid: set[tuple[str, str]] = field(default_factory=set)
    school_codes: set[str] = field(init=False)
    module_codes: set[str] = field(init=False)
    numbers: KnownNumbers = field(init=False)
    staff_addresses: set[str] = field(init=False)
    lines: dict[Hashable, int] = field(default_factory=dict)
    """The line of each entry, by its file and key."""

    def __post_init__(self) -> None:
        self.school_codes = set(self.known.schools)
        self.module_codes = set(self.known.modules)
        self.numbers = KnownNumbers(self.known.numbers, self.known.pattern)
        self.staff_addresses = {address.casefold() for address in self.known.staff}

    def schools(self) -> tuple[SchoolEntry, ...]:
        entries = self._read(columns.SCHOOLS, rows.school, lambda entry: entry.code)
        self.school_codes |= {entry.code for entry in entries}
        return entries

    def staff(self) -> tuple[StaffEntry, ...]:
        entries = self._read(
            columns.STAFF,
            lambda row: rows.staff(row, self.school_codes, self.known.today),
            lambda entry: entry.email.casefold(),
        )
        self.staff_addresses |= {entry.email.casefold() for entry in entries}
        return entries

    def modules(self) -> tuple[ModuleEntry, ...]:
        entries = self._read(
            columns.MODULES,
            lambda row: rows.module(row, self.school_codes),
            lambda entry: entry.code,
        )
        self.module_codes |= {entry.code for entry in entries}
        of_entries = [(entry.organiser, self.lines["modules.csv", entry.code]) for entry in entries]
        self._check_staff("modules.csv", "organiser", of_entries)
        return entries

    def students(self) -> tuple[StudentEntry, ...]:
        entries = self._read(
            columns.STUDENTS,
            lambda row: rows.student(self._today(row), self.school_codes, self.numbers),
            lambda entry: entry.number,
        )
        # Even if this row is rejected, the rest of the delivery may refer to its person.
        self._know(entry.number for entry in entries)
        of_entries = [
            (entry.adviser, self.lines["students.csv", entry.number]) for entry in entries
        ]
        self._check_staff("students.csv", "adviser", of_entries)
        return entries

    def identifiers(self) -> tuple[IdentifierEntry, ...]:
        return self._read(
            columns.IDENTIFIERS,
            lambda row: rows.identifier(self._today(row), self.numbers),
            lambda entry: entry,
        )

    def sort(
        self, entries: Sequence[StudentEntry], identifiers: Sequence[IdentifierEntry]
    ) -> Sorted:
        """Tell new students from known ones under a new number; what is unclear is left out."""
        found = sort_students(entries, self.known.numbers, self.known.mailboxes, identifiers)
        for _, number in found.questions:
            self.rejections.add(
                "students.csv",
                self.lines["students.csv", number],
                "university_email is that of a student who is already on the roster under another "
                "number: say in identifiers.csv that both are the same person, or correct it",
            )
        left_out = {number for _, number in found.questions}
        self.numbers = KnownNumbers(self.numbers.numbers - left_out, self.known.pattern)
        if found.renumbered:
            self.notes.append(
                f"students.csv: {len(found.renumbered)} already on the roster under another "
                "number. They keep their history, and the old number still counts for them."
            )
        return found

    def enrolments(self) -> tuple[EnrolmentEntry, ...]:
        entries = self._read(
            columns.ENROLMENTS,
            lambda row: rows.enrolment(self._today(row), self.numbers, self.module_codes),
            lambda entry: (entry.number, entry.module, entry.starts),
        )
        never = sum(1 for each in entries if each.ends and each.ends < each.starts)
        if never:
            self.notes.append(
                f"enrolments.csv: {never} with an end before the start, read as a withdrawal "
                "before it. Correct the dates if that is not meant."
            )
        return one_for_each_module(entries)

    @property
    def whole(self) -> tuple[str, ...]:
        """Return which of staff, students and enrolments the delivery has a file for."""
        names = ("staff", "students", "enrolments")
        return tuple(name for name in names if f"{name}.csv" in self.files)

    def check_complete(self) -> None:
        """Raise ``FeedError`` where the delivery cannot count as complete."""
        if not self.whole:
            raise FeedError("A complete roster holds staff.csv, students.csv or enrolments.csv.")
        names = {self.files[f"{name}.csv"].name: f"{name}.csv" for name in self.whole}
        wrong = [
            row
            for row in self.rejections.rows
            if (row.file in names or row.file in names.values()) and row.reason != rows.TWICE
        ]
        if wrong:
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            raise FeedError(
                f"{wrong[0].file}, line {wrong[0].line}: {wrong[0].reason}. A complete roster may "
                "have no row that cannot be used, because its person would seem to have left. "
                f"Correct it{more}, or load it without --complete. Nothing "
                "was loaded."
            )

    def _today(self, row: rows.Row) -> rows.Row:
        """Return the row with its person's current number."""
        number = plainly_written(row["number"])
        return row | {"number": self.known.former[number]} if number in self.known.former else row

    def _know(self, numbers: Iterable[str]) -> None:
        self.numbers = KnownNumbers({*self.numbers.numbers, *numbers}, self.known.pattern)

    def _check_staff(self, name: str, column: str, found: Sequence[tuple[str, int]]) -> None:
        """Add a note on addresses that are not on the staff list."""
        known = self.staff_addresses
        lines = [line for address, line in found if address and address.casefold() not in known]
        if lines:
            self.notes.append(
                f"{name}: the {column} is not on the staff list ({said_lines(lines)}). Add the "
                "person to staff.csv or correct the address."
            )

    def _read(
        self,
        file: DocumentedFile,
        entry_of: Callable[[rows.Row], Entry],
        key_of: Callable[[Entry], Hashable],
    ) -> tuple[Entry, ...]:
        name = file.name
        path = self.files.get(name)
        if path is None:
            return ()
        table = TextTable(path, file.required, file.optional, self.rejections)
        self.unsaid |= {(name.partition(".")[0], column) for column in table.missing}
        entries: dict[Hashable, Entry] = {}
        repaired = []
        for line, values in table:
            try:
                row = rows.named_fields((*file.required, *file.optional), values)
                entry = entry_of(row)
                if key_of(entry) in entries:
                    raise rows.Refused(rows.TWICE)
                entries[key_of(entry)] = entry
                self.lines[name, key_of(entry)] = line
                if row.get("number", "") != getattr(entry, "number", ""):
                    repaired.append(line)
            except rows.Refused as refused:
                self.rejections.add(name, line, str(refused))
        if repaired:
            self.notes.append(
                f"{name}: {counted(len(repaired), 'number')} in another form than the "
                f"institution's, corrected here ({said_lines(repaired)})."
            )
        self.notes += table.notes
        return tuple(entries.values())


def said_lines(lines: Sequence[int]) -> str:
    """Name the first lines of a list and count the rest: ``line 3, 4 and 2 more``."""
    named = ", ".join(map(str, lines[:LINES_NAMED]))
    more = f" and {len(lines) - LINES_NAMED} more" if len(lines) > LINES_NAMED else ""
    return f"line {named}{more}"
