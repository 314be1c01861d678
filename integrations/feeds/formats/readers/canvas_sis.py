"""Canvas SIS import files: users, courses, sections, enrolments and terms, together or one alone.

Each table is known by its columns, whatever its file is called. The number of a student is the
``user_id``. Only those enrolled as students are read; passwords and pronouns never are. Level of
study, which Canvas lacks, is declared for new students; their home school is the account of their
user or, where it is one, of their courses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import normal, read_table
from integrations.feeds.formats.matching.modules import known_modules
from integrations.feeds.formats.model import Declared, Format, Item, Need, RefusedRow, Tried
from integrations.feeds.formats.readers.roster_files import (
    PROGRAMME,
    Delivered,
    RosterNumbers,
    write_files,
)
from integrations.feeds.formats.times import Dates, iso_time
from integrations.feeds.roster.status import UNKNOWN, Status, status_of
from integrations.feeds.text_files import FeedError
from store.rules.calendar import INSTITUTION

STUDENTS = ("student", "studentenrollment")
GONE = "withdrawn"

_REQUIRED = {
    "users": ("user_id", "login_id", "status"),
    "enrollments": ("user_id", "role", "status"),
    "courses": ("course_id", "short_name", "long_name"),
    "sections": ("section_id", "course_id", "name"),
    "terms": ("term_id", "name"),
    "accounts": ("account_id", "name", "status"),
}
_MORE = {
    "users": ("first_name", "last_name", "full_name", "email", "home_account"),
    "enrollments": ("course_id", "section_id", "start_date", "end_date"),
    "courses": ("account_id", "term_id", "status", "start_date", "end_date"),
    "sections": ("start_date", "end_date"),
    "terms": ("start_date", "end_date"),
    "accounts": (),
}
_OF_A_ROSTER = frozenset({"users", "enrollments", "courses"})

NO_COURSE = "the course is in no file, and not on the roster"
NO_PERSON = "the person is in no file, and not on the roster"
NO_BEGINNING = (
    "there is no beginning: give start_date here, or in the section, the course or the term"
)
BAD_DATE = "a date is not an ISO 8601 date or time"
NO_LEVEL = "a new student: declare --level"
NO_HOME = "a new student on courses of several accounts or none: give home_account"

_Row = tuple[int, dict[str, str]]
_Days = tuple[str, str]


def recognises(opened: Opened) -> bool:
    """Return whether there is a table of users, courses or enrolments, by the columns."""
    return not _OF_A_ROSTER.isdisjoint(_tables(opened))


def convert(opened: Opened, folder: Path, known: RosterNumbers, dates: Dates | None) -> Delivered:
    """Write the roster files of these tables into a folder. Raises ``FeedError``."""
    reader = _Reader(_tables(opened), known, dates)
    reader.courses()
    reader.enrolments()
    reader.people()
    write_files(folder, reader.out)
    return reader.found


class _Reader:
    def __init__(
        self, tables: Mapping[str, Opened], known: RosterNumbers, dates: Dates | None
    ) -> None:
        self.tables, self.known, self.dates = tables, known, dates
        self.found = Delivered("Canvas SIS files")
        self.out: dict[str, Sequence[tuple[str, ...]]] = {}
        self.codes: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self.days: dict[str, _Days] = {}
        self.of_course: dict[str, str] = {}
        self.over: set[str] = set()
        self.enrolled: list[tuple[int, dict[str, str], str]] = []

    def _rows(self, kind: str) -> Iterator[_Row]:
        if kind not in self.tables:
            return
        columns = (*_REQUIRED[kind], *_MORE[kind])
        headings = {each: (normal(each),) for each in columns}
        for row in read_table(self.tables[kind], headings, _REQUIRED[kind]):
            self.found.rows[kind] += 1
            if isinstance(row, RefusedRow):
                self.found.refuse(f"{kind}.csv", row.line, row.reason)
            else:
                yield row.line, row.values

    def courses(self) -> None:
        """Write the modules: the courses, under the roster's own codes where it has them.

        The schools are the accounts that courses are in.
        """
        for _, row in self._rows("terms"):
            self.days[f"term {row['term_id']}"] = _days(row)
        known = known_modules(self.known.modules, ())
        modules: dict[str, tuple[str, ...]] = {}
        for line, row in self._rows("courses"):
            course, short = row["course_id"], row["short_name"]
            code = known.find(course) or known.find(short) or "-".join(course.split())
            self.codes[course] = code
            self.accounts[course] = row.get("account_id", "")
            term = self.days.get(f"term {row.get('term_id', '')}", ("", ""))
            self.days[f"course {course}"] = _or(_days(row), term)
            if (status := status_of(_plain(row.get("status", "")))) is None:
                self.found.refuse("courses.csv", line, UNKNOWN)
            elif status is not Status.CURRENT:
                self.over.add(course)
            if code not in self.known.modules:
                modules[code] = (code, row["long_name"] or short, self.accounts[course])
        for _, row in self._rows("sections"):
            course = row["course_id"]
            self.of_course[row["section_id"]] = course
            whole = self.days.get(f"course {course}", ("", ""))
            self.days[f"section {row['section_id']}"] = _or(_days(row), whole)
        self.out["modules"] = list(modules.values())
        self.out["schools"] = [
            (row["account_id"], row["name"])
            for _, row in self._rows("accounts")
            if row["account_id"] in self.accounts.values()
        ]

    def enrolments(self) -> None:
        """Read who is a student on which course; ``people`` writes those of known people."""
        for line, row in self._rows("enrollments"):
            self.found.roles[row["role"]] += 1
            if row["role"].casefold() in STUDENTS:
                section = row.get("section_id", "")
                course = row.get("course_id", "") or self.of_course.get(section, "")
                self.enrolled.append((line, row, course))

    def people(self) -> None:
        """Write the new students, the user names of all, and their enrolments."""
        homes: dict[str, set[str]] = {}
        for _, row, course in self.enrolled:
            account = self.accounts.get(course, "")
            homes.setdefault(row["user_id"], set()).update({account} - {""})
        students: list[tuple[str, ...]] = []
        names: list[tuple[str, ...]] = []
        users: dict[str, Status | None] = {}
        for line, row in self._rows("users"):
            number = row["user_id"]
            is_suspended = row["status"].casefold() == "suspended"
            self.found.users_disabled += is_suspended
            status = users[number] = status_of("" if is_suspended else row["status"])
            self.found.users_gone += status is Status.OVER
            if number not in homes and number not in self.known.numbers:
                self.found.not_students += 1
                continue
            if status is None:
                self.found.refuse("users.csv", line, UNKNOWN)
            if row["login_id"] and "@" not in row["login_id"]:
                names.append((number, "username", row["login_id"]))
            if status is not Status.CURRENT or number in self.known.numbers:
                continue
            home = row.get("home_account", "") or "".join(_only(homes[number]))
            if not self.known.level or not home:
                self.found.refuse("users.csv", line, NO_HOME if self.known.level else NO_LEVEL)
                continue
            students.append(
                (number, *_names(row), self.known.level, PROGRAMME, home, row.get("email", ""))
            )
        new = {number for number, *_ in students}
        self.out["students"] = students
        self.out["identifiers"] = [each for each in names if each[0] in new | self.known.numbers]
        self.out["enrolments"] = list(self._of_students(users))

    def _of_students(self, users: Mapping[str, Status | None]) -> Iterator[tuple[str, ...]]:
        known = known_modules(self.known.modules, ())
        for line, row, course in self.enrolled:
            module = self.codes.get(course) or known.find(course)
            own = _or(_days(row), self.days.get(f"section {row.get('section_id', '')}", ("", "")))
            begins, until = _or(own, self.days.get(f"course {course}", ("", "")))
            starts, ends = self._day(begins), self._day(until)
            number = row["user_id"]
            if not begins and module:
                # Of a known enrolment only the status may be new.
                starts = self.known.enrolled.get(number, {}).get(module)
            said = {status_of(_plain(row["status"])), users.get(number, Status.CURRENT)}
            reason = (
                NO_COURSE
                if module is None
                else NO_PERSON
                if number not in users and number not in self.known.numbers
                else NO_BEGINNING
                if not begins and starts is None
                else BAD_DATE
                if starts is None or (until and ends is None)
                else UNKNOWN
                if None in said
                else ""
            )
            if reason or module is None or starts is None:
                self.found.refuse("enrollments.csv", line, reason)
                continue
            is_over = Status.OVER in said or course in self.over
            yield (
                number,
                module,
                starts.isoformat(),
                ends.isoformat() if ends else "",
                GONE if is_over else "",
            )

    def _day(self, text: str) -> dt.date | None:
        """Return the day at the university. Canvas takes a time without a zone as UTC."""
        found = iso_time(text) or (self.dates.read(text) if self.dates and text else None)
        if not isinstance(found, dt.datetime):
            return found
        utc = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
        return utc.astimezone(INSTITUTION).date()


def _days(row: Mapping[str, str]) -> _Days:
    return row.get("start_date", ""), row.get("end_date", "")


def _or(own: _Days, whole: _Days) -> _Days:
    return own[0] or whole[0], own[1] or whole[1]


def _only(homes: set[str]) -> set[str]:
    return homes if len(homes) == 1 else set()


def _names(row: Mapping[str, str]) -> tuple[str, str]:
    given, family = row.get("first_name", ""), row.get("last_name", "")
    if not (given or family):
        given, _, family = row.get("full_name", "").rpartition(" ")
    return given, family


def _plain(status: str) -> str:
    """Return a status in the words of rosters: a course is published, an enrolment deleted last."""
    return {"published": "active", "deleted_last_completed": "deleted"}.get(
        status.casefold(), status
    )


def _tables(opened: Opened) -> dict[str, Opened]:
    """Find the tables by their columns: kind → file. The first of a kind counts."""
    if not opened.members:
        each = [opened]
    else:
        each = [
            Opened(path, name)
            for name, path in opened.members.items()
            if name.casefold().endswith((".csv", ".txt"))
        ]
    found: dict[str, Opened] = {}
    for table in each:
        if kind := _kind(table):
            found.setdefault(kind, table)
    return found


def _kind(table: Opened) -> str:
    if table.is_json or not table.first_rows:
        return ""
    header = {normal(each) for each in table.first_rows[0]}
    for kind, required in _REQUIRED.items():
        if header >= {normal(each) for each in required}:
            is_placed = kind != "enrollments" or not header.isdisjoint({"course id", "section id"})
            if is_placed:
                return kind
    return ""


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Refuse the file: a roster has no events; ``convert`` handles it.

    Raises ``FeedError``, always.
    """
    raise FeedError(f"{opened.name} is a roster, and holds no events.")


FORMAT = Format(
    key="canvas-sis",
    name="Canvas SIS files",
    recognises=recognises,
    read=read,
    columns=("users.csv", "courses.csv", "sections.csv", "enrollments.csv", "terms.csv"),
    example_name="canvas-sis",
    tried=Tried.SPECIFICATION,
    needs=frozenset({Need.LEVEL}),
)
