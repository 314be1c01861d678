"""Read the small files of the OULAD data set: registrations and assessments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.csv_tables import Rejections, TextTable
from integrations.feeds.text_files import FeedError
from store.rules.model import Level
from store.rules.schools import EnrolmentEntry, StudentEntry

SCHOOL = "OULAD"

FURTHEST = 1_000
"""Days from day 0. Nothing in the data set is further away."""

NOT_SAID = frozenset({"?", "NA", "NaN", "nan", "NULL"})
"""Markers for an unknown value in copies of the data set. The original has "?"."""


@dataclass(slots=True)
class OuladFiles:
    """The small files of an OULAD folder. Faulty rows are collected in ``rejections``."""

    folder: Path
    start: dt.date
    rejections: Rejections = field(default_factory=Rejections)

    def file(self, stem: str) -> Path:
        """Return the file of that name, packed or not. Raises ``FeedError`` where there is none."""
        for name in (f"{stem}.csv", f"{stem}.csv.gz"):
            if (self.folder / name).is_file():
                return self.folder / name
        raise FeedError(f"There is no {stem}.csv, or {stem}.csv.gz, in {self.folder.name}.")

    def presentations(self) -> dict[str, int]:
        """Map each module's code to its length in days."""
        found: dict[str, int] = {}
        columns = ("code_module", "code_presentation", "module_presentation_length")
        for line, (module, presentation, length) in self.rows("courses", columns):
            days = _days(length)
            if not module or not presentation or days is None or days < 1:
                self._reject("courses", line, "a code or the length in days is missing")
            else:
                found[f"{module}-{presentation}"] = days
        return found

    def registrations(
        self, lengths: dict[str, int]
    ) -> tuple[tuple[StudentEntry, ...], tuple[EnrolmentEntry, ...]]:
        """Return every registered student, and their enrolments on the presentations.

        ``lengths`` maps each presentation to its days.
        """
        students: dict[str, StudentEntry] = {}
        enrolments: dict[tuple[str, str], EnrolmentEntry] = {}
        columns = (
            "code_module", "code_presentation", "id_student", "date_registration",
            "date_unregistration",
        )  # fmt: skip
        for line, (code, presentation, number, first, last) in self.rows(
            "studentRegistration", columns
        ):
            module = f"{code}-{presentation}"
            if reason := _wrong_registration(module, number, first, last, lengths):
                self._reject("studentRegistration", line, reason)
                continue
            students.setdefault(number, _student(number, module))
            starts = max(_days(first) or 0, 0)
            left = _days(last)
            ends = lengths[module] if left is None else left
            if starts <= ends:
                enrolments[number, module] = EnrolmentEntry(
                    number, module, self._day(starts), self._day(ends)
                )
        return tuple(students.values()), tuple(enrolments.values())

    def assessments(self, modules: set[str]) -> Iterable[tuple[str, str, str, dt.date | None]]:
        """Yield (id, module, item, due day); no day for unmonitored ones, such as exams."""
        columns = ("code_module", "code_presentation", "id_assessment", "assessment_type", "date")
        for line, (code, presentation, number, kind, date) in self.rows("assessments", columns):
            module, due = f"{code}-{presentation}", _days(date)
            if module not in modules:
                self._reject("assessments", line, "the presentation is not in courses.csv")
            elif not number or (date and due is None):
                self._reject("assessments", line, "there is no id, or date is not a number of days")
            else:
                followed = due is not None and kind != "Exam"
                yield number, module, f"{kind} {number}", self._day(due) if followed else None

    def rows(
        self, stem: str, columns: Sequence[str], optional: Sequence[str] = ()
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, values) of a file; '' for unknown values. Raises ``FeedError``."""
        for line, values in TextTable(self.file(stem), columns, optional, self.rejections):
            stripped = [value.strip() for value in values]
            yield line, ["" if value in NOT_SAID else value for value in stripped]

    def _reject(self, stem: str, line: int, reason: str) -> None:
        self.rejections.add(self.file(stem).name, line, reason)

    def _day(self, number: int | None) -> dt.date:
        return self.start + dt.timedelta(days=number or 0)


def _student(number: str, module: str) -> StudentEntry:
    return StudentEntry(
        number=number,
        given_name="Student",
        family_name=number,
        level=Level.UNDERGRADUATE,
        programme=module,
        home_school=SCHOOL,
        university_email=f"{number}@students.oulad.example",
    )


def _wrong_registration(
    module: str, number: str, first: str, last: str, lengths: dict[str, int]
) -> str:
    if module not in lengths:
        return "the presentation is not in courses.csv"
    if not (number.isascii() and number.isdigit()):
        return "id_student is not a number"
    if any(text and _days(text) is None for text in (first, last)):
        return "a date is not a number of days"
    return ""


def _days(text: str) -> int | None:
    """Read a number of days from day 0, or None. Copies that went through floats have "19.0"."""
    text = text.removesuffix(".0")
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6):
        return None
    return int(text) if abs(int(text)) <= FURTHEST else None
