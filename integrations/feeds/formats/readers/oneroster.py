"""Convert OneRoster 1.1 and 1.2 archives, bulk and delta, to the documented roster files.

The manifest has the version. In 1.2 the roles are in ``roles.csv``. Passwords, telephone numbers,
pronouns and ``demographics.csv`` are never read. The level of study, which OneRoster lacks, is
declared for students who are not on the roster yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import read_table
from integrations.feeds.formats.model import Declared, Format, Item, Need, RefusedRow, Tried
from integrations.feeds.formats.readers.oneroster_files import NEVER_READ, files_of, manifest_of
from integrations.feeds.formats.readers.roster_files import (
    PROGRAMME,
    Delivered,
    RosterNumbers,
    write_files,
)
from integrations.feeds.formats.times import Dates, iso_time
from integrations.feeds.roster.status import DIED, UNKNOWN, Status, status_of
from integrations.feeds.text_files import FeedError

GONE = "withdrawn"
USED = (
    "manifest.csv", "orgs.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv",
    "enrollments.csv", "academicsessions.csv",
)  # fmt: skip
_SCHOOLS = ("school", "department")


def recognises(opened: Opened) -> bool:
    """Return whether the archive has a OneRoster manifest."""
    path = files_of(opened).get("manifest.csv")
    return path is not None and "oneroster.version" in manifest_of(path)


def convert(opened: Opened, folder: Path, known: RosterNumbers, dates: Dates | None) -> Delivered:
    """Write the roster files of an archive into a folder. Raises ``FeedError``."""
    reader = _Reader(files_of(opened), known, dates or Dates("year-first"), opened.name)
    reader.orgs()
    reader.modules()
    reader.people()
    reader.enrolments()
    write_files(folder, reader.out)
    return reader.found


class _Reader:
    def __init__(
        self, files: Mapping[str, Path], known: RosterNumbers, dates: Dates, name: str
    ) -> None:
        self.files, self.known, self.dates = files, known, dates
        manifest = manifest_of(files["manifest.csv"])
        version = manifest.get("oneroster.version", "")
        if version not in ("1.1", "1.2", "1.2.0", "1.1.0"):
            raise FeedError(f"{name} is not of OneRoster 1.1 or 1.2. Nothing was loaded.")
        self.found = Delivered(f"OneRoster {version[:3]}")
        listed = {key[5:]: mode for key, mode in manifest.items() if key.startswith("file.")}
        self.found.modes.update(listed.values())
        self.found.not_there = tuple(
            f"{each}.csv"
            for each, mode in sorted(listed.items())
            if mode in ("bulk", "delta", "") and f"{each}.csv" not in (*files, *NEVER_READ)
        )
        self.out: dict[str, list[tuple[str, ...]]] = {}
        self.schools: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.terms: dict[str, str] = {}
        self.users: dict[str, Status | None] = {}

    def _rows(self, file: str, columns: Sequence[str], required: Sequence[str]) -> Iterator[_Row]:
        path = self.files.get(file)
        if path is None:
            return
        headings = {each: (each.casefold(),) for each in columns}
        for row in read_table(Opened(path, file), headings, required):
            self.found.rows[file] += 1
            if isinstance(row, RefusedRow):
                self.found.refuse(file, row.line, row.reason)
            else:
                yield row.line, row.values

    def orgs(self) -> None:
        """Write the schools: organisations of type school or department."""
        schools: list[tuple[str, ...]] = []
        for _, row in self._rows(
            "orgs.csv", ("sourcedId", "name", "type", "identifier"), ("sourcedId", "name", "type")
        ):
            if row["type"].casefold() in _SCHOOLS:
                code = row.get("identifier") or row["sourcedId"]
                self.schools[row["sourcedId"]] = code
                schools.append((code, row["name"]))
        for _, row in self._rows(
            "academicsessions.csv", ("sourcedId", "startDate"), ("sourcedId",)
        ):
            self.terms[row["sourcedId"]] = row.get("startDate", "")
        self.out["schools"] = schools

    def modules(self) -> None:
        """Write the modules: each is a course, or a class where the archive has no courses."""
        courses: dict[str, str] = {}
        modules: dict[str, tuple[str, ...]] = {}
        for _, row in self._rows(
            "courses.csv",
            ("sourcedId", "title", "courseCode", "orgSourcedId"),
            ("sourcedId", "title"),
        ):
            code = (row.get("courseCode") or row["sourcedId"]).replace(" ", "-")
            courses[row["sourcedId"]] = code
            school = self.schools.get(row.get("orgSourcedId", ""), "")
            modules[code] = (code, row["title"], school)
        for _, row in self._rows(
            "classes.csv",
            (
                "sourcedId",
                "title",
                "courseSourcedId",
                "classCode",
                "schoolSourcedId",
                "termSourcedIds",
            ),
            ("sourcedId", "title"),
        ):
            own = (row.get("classCode") or row["sourcedId"]).replace(" ", "-")
            code = courses.get(row.get("courseSourcedId", ""), own)
            self.codes[row["sourcedId"]] = code
            school = self.schools.get(row.get("schoolSourcedId", ""), "")
            title = modules[code][1] if code in modules else row["title"]
            modules[code] = (code, title, modules.get(code, ("", "", ""))[2] or school)
            term = row.get("termSourcedIds", "").split(",")[0].strip()
            self.terms[f"class {row['sourcedId']}"] = self.terms.get(term, "")
        self.out["modules"] = list(modules.values())

    def people(self) -> None:
        """Write the students: users with the role student, in roles.csv from 1.2 on."""
        roles = dict[str, str]()
        for _, row in self._rows(
            "roles.csv", ("userSourcedId", "role", "orgSourcedId"), ("userSourcedId", "role")
        ):
            self.found.roles[row["role"]] += 1
            if row["role"] == "student" or row["userSourcedId"] not in roles:
                roles[row["userSourcedId"]] = row["role"]
                self.homes.setdefault(row["userSourcedId"], row.get("orgSourcedId", ""))
        self._rows_of_profiles()
        students: list[tuple[str, ...]] = []
        columns = (
            "sourcedId",
            "status",
            "enabledUser",
            "role",
            "givenName",
            "familyName",
            "identifier",
            "email",
            "orgSourcedIds",
            "primaryOrgSourcedId",
        )
        for line, row in self._rows("users.csv", columns, ("sourcedId", "givenName")):
            user, role = row["sourcedId"], row.get("role", "") or roles.get(row["sourcedId"], "")
            status = self.users[user] = status_of(row.get("status", ""))
            if "role" in row:
                self.found.roles[role] += 1
            self.found.users_gone += status is Status.OVER
            self.found.users_disabled += row.get("enabledUser", "").casefold() == "false"
            if role != "student":
                continue
            number = row.get("identifier") or user
            self.numbers[user] = number
            if status is None:
                self.found.refuse("users.csv", line, UNKNOWN)
            if status is not Status.CURRENT or number in self.known.numbers:
                continue
            org = (
                row.get("primaryOrgSourcedId")
                or row.get("orgSourcedIds", "").split(",")[0]
                or self.homes.get(user, "")
            )
            if not self.known.level:
                self.found.refuse("users.csv", line, "a new student: declare --level")
                continue
            students.append(
                (
                    number,
                    row["givenName"],
                    row.get("familyName", ""),
                    self.known.level,
                    PROGRAMME,
                    self.schools.get(org.strip(), org),
                    row.get("email", ""),
                )
            )
        self.out["students"] = students

    def _rows_of_profiles(self) -> None:
        """Count the profiles, which are never read."""
        for _ in self._rows("userprofiles.csv", ("sourcedId",), ("sourcedId",)):
            pass

    def enrolments(self) -> None:
        """Write the enrolments; those on a class are on its module, and deleted ones end."""
        enrolled: list[tuple[str, ...]] = []
        columns = (
            "status",
            "dateLastModified",
            "classSourcedId",
            "userSourcedId",
            "role",
            "beginDate",
            "endDate",
        )
        for line, row in self._rows(
            "enrollments.csv", columns, ("classSourcedId", "userSourcedId", "role")
        ):
            if row["role"] != "student":
                continue
            module = self.codes.get(row["classSourcedId"])
            user = row["userSourcedId"]
            number = self.numbers.get(user) or (user if user in self.known.numbers else "")
            begins = row.get("beginDate") or self.terms.get(f"class {row['classSourcedId']}", "")
            starts, ends = self._day(begins), self._day(row.get("endDate", ""))
            said = {status_of(row.get("status", "")), self.users.get(user, Status.CURRENT)}
            reason = (
                "the class is in no file, and not on the roster"
                if module is None
                else "the person is not a student in users.csv"
                if not number and user in self.users
                else "the person is in no file, and not on the roster"
                if not number
                else "the beginning is not a date as declared"
                if starts is None
                else "the end is not a date as declared"
                if row.get("endDate") and ends is None
                else UNKNOWN
                if None in said
                else ""
            )
            if reason or module is None or starts is None:
                self.found.refuse("enrollments.csv", line, reason)
                continue
            if status_of(row.get("status", "")) is Status.OVER:
                ends = max(starts, self._day(row.get("dateLastModified", "")) or starts)
            is_gone = Status.OVER in said and not ends
            status = DIED[0] if Status.DIED in said else GONE if is_gone else ""
            until = ends.isoformat() if ends else ""
            enrolled.append((number, module, starts.isoformat(), until, status))
        # A person who is deleted has left what an earlier archive enrolled them on, too.
        said_of = {(number, module) for number, module, *_ in enrolled}
        enrolled += [
            (number, module, starts.isoformat(), "", GONE)
            for user, status in self.users.items()
            if status is Status.OVER
            for number in [self.numbers.get(user) or user]
            for module, starts in self.known.enrolled.get(number, {}).items()
            if (number, module) not in said_of
        ]
        self.out["enrolments"] = enrolled

    def _day(self, text: str) -> dt.date | None:
        found = self.dates.read(text) if text else iso_time(text)
        return found.date() if isinstance(found, dt.datetime) else found


_Row = tuple[int, dict[str, str]]


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Refuse the file: a roster has no events; ``convert`` handles it.

    Raises ``FeedError``, always.
    """
    raise FeedError(f"{opened.name} is a roster, and holds no events.")


FORMAT = Format(
    key="oneroster",
    name="OneRoster archive",
    recognises=recognises,
    read=read,
    columns=USED,
    example_name="oneroster",
    tried=Tried.REAL,
    needs=frozenset({Need.LEVEL}),
)
