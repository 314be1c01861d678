"""Turn one row of a roster file into an entry of the roster, or a reason for refusing it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TypeVar

from integrations.feeds.roster.status import UNKNOWN, Status, status_of
from integrations.feeds.student_numbers import (
    KnownNumbers,
    UnusableNumber,
    has_lost_digits,
    plainly_written,
    without_invisible,
)
from store.rules.model import Level, Role
from store.rules.schools import (
    EnrolmentEntry,
    IdentifierEntry,
    IdentifierKind,
    ModuleEntry,
    SchoolEntry,
    StaffEntry,
    StudentEntry,
)

LONGEST = 200
"""Characters of any value but roles."""
TWICE = "is in the file twice"
"""The reason for a row that repeats another."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+\.[^@\s]+")
_CODE = re.compile(r"\S{1,40}")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_UNSEEN = re.compile("[\ufeff\u200b\u2060\u00ad]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Row = dict[str, str]
"""Column → value, without surrounding blanks."""
Word = TypeVar("Word", bound=StrEnum)


class Refused(Exception):
    """Why a row is left out, without quoting it."""


def named_fields(columns: Sequence[str], values: Sequence[str]) -> Row:
    """Return the row as a mapping. Raises ``Refused`` on values that no column may have."""
    found = {
        column: _UNSEEN.sub("", value).strip()
        for column, value in zip(columns, values, strict=True)
    }
    for column, value in found.items():
        if _CONTROL.search(value):
            raise Refused(f"{column} holds control characters")
        if len(value) > LONGEST and column != "roles":
            raise Refused(f"{column} is longer than {LONGEST} characters")
    return found


def school(row: Row) -> SchoolEntry:
    """Read a row of ``schools.csv``: code, name and faculty."""
    return SchoolEntry(_code(row, "code"), _filled(row, "name"), row["faculty"])


def staff(row: Row, schools: Collection[str], today: dt.date = dt.date.max) -> StaffEntry:
    """Read a row of ``staff.csv``; ``schools`` are the known codes.

    Raises ``Refused`` where a value cannot be read, or a training day is in the future.
    """
    trained_on = _day(row, "trained_on") if row["trained_on"] else None
    if trained_on is not None and trained_on > today:
        raise Refused("trained_on is in the future; fill it in once the training has taken place")
    return StaffEntry(
        email=_email(row, "email") or _filled(row, "email"),
        name=_filled(row, "name"),
        roles=tuple(_role(part, schools) for part in _parts(row["roles"])),
        trained_on=trained_on,
        sandbox_user=row["sandbox_user"],
        active=_yes(row, "active"),
    )


def module(row: Row, schools: Collection[str]) -> ModuleEntry:
    """Read a row of ``modules.csv`` as a module of a school."""
    return ModuleEntry(
        code=_code(row, "code"),
        title=_filled(row, "title"),
        school=_known_school(row["school"], "school", schools),
        organiser=_email(row, "organiser"),
    )


def student(row: Row, schools: Collection[str], numbers: KnownNumbers) -> StudentEntry:
    """Read a row of ``students.csv`` as a student with a home school.

    Raises ``Refused`` where a column cannot be read, or both names are empty.
    """
    status = _status(row)
    if not (row["given_name"] or row["family_name"]):
        raise Refused("given_name and family_name are both empty")
    return StudentEntry(
        number=_new_number(row, numbers),
        given_name=row["given_name"],
        family_name=row["family_name"],
        level=_word(row["level"], "level", Level),
        programme=_filled(row, "programme"),
        home_school=_known_school(row["home_school"], "home_school", schools),
        contributing_schools=tuple(
            _known_school(part, "contributing_schools", schools)
            for part in _parts(row["contributing_schools"])
        ),
        university_email=_email(row, "university_email"),
        personal_email=_email(row, "personal_email"),
        adviser=_email(row, "adviser"),
        language=_language(row),
        has_left=status is Status.OVER or (status is Status.CURRENT and bool(row["left_on"])),
        left_on=_day(row, "left_on") if row["left_on"] else None,
        has_died=status is Status.DIED,
    )


def enrolment(row: Row, numbers: KnownNumbers, modules: Collection[str]) -> EnrolmentEntry:
    """Return a row of ``enrolments.csv``. One that ends before it starts never began."""
    status = _status(row)
    return EnrolmentEntry(
        number=_known_number(row, numbers),
        module=_one_of(without_invisible(row["module"]), "module", modules),
        starts=_day(row, "starts"),
        ends=_day(row, "ends") if row["ends"] else None,
        is_over=status is Status.OVER,
        has_died=status is Status.DIED,
    )


def identifier(row: Row, numbers: KnownNumbers) -> IdentifierEntry:
    """Read a row of ``identifiers.csv`` as a student's number in another system.

    Raises ``Refused`` where neither kind nor system is given, or the days are in the wrong order.
    """
    entry = IdentifierEntry(
        number=_known_number(row, numbers),
        kind=_word(row["kind"], "kind", IdentifierKind) if row["kind"] else IdentifierKind.VLE_ID,
        value=plainly_written(_filled(row, "value")),
        first=_day(row, "from") if row["from"] else None,
        last=_day(row, "to") if row["to"] else None,
        system=row["system"].casefold(),
    )
    if not row["kind"] and not entry.system:
        raise Refused("kind and system are empty: one of them says whose identifier it is")
    if entry.kind in (IdentifierKind.STUDENT_NUMBER, IdentifierKind.SIS_NUMBER):
        _check_number(entry.value, "value")
    if entry.first and entry.last and entry.last < entry.first:
        raise Refused("to is before from")
    return entry


def _yes(row: Row, column: str) -> bool:
    """Return whether a column says yes, as it does where it is empty."""
    said = row[column].casefold()
    if said in ("", "yes", "y", "true", "1", "active"):
        return True
    if said in ("no", "n", "false", "0", "inactive", "left"):
        return False
    raise Refused(f"{column} has to be yes or no")


def _status(row: Row) -> Status:
    found = status_of(row["status"])
    if found is None:
        raise Refused(UNKNOWN)
    return found


def _new_number(row: Row, numbers: KnownNumbers) -> str:
    _filled(row, "number")
    try:
        number = numbers.check_new(row["number"])
    except UnusableNumber as unusable:
        raise Refused(f"number {unusable}") from None
    return _code(row | {"number": number}, "number")


def _known_number(row: Row, numbers: KnownNumbers) -> str:
    _check_number(_filled(row, "number"), "number")
    found = numbers.find(row["number"])
    if found is None:
        raise Refused("number is not on the roster")
    return found.number


def _check_number(value: str, column: str) -> None:
    if has_lost_digits(value):
        raise Refused(f"{column} has lost digits: format the column as text and export it again")


def _role(part: str, schools: Collection[str]) -> tuple[str, Role]:
    school, colon, role = part.partition(":")
    if not colon:
        raise Refused("roles are written SCHOOL:role, with ; between them")
    meant = _word(role.strip(), "roles", Role)
    try:
        return _known_school(school.strip(), "roles", schools), meant
    except Refused as refused:
        if meant is not Role.FACULTY_LEAD or not schools:
            raise
        written = ";".join(f"{code}:{Role.FACULTY_LEAD.value}" for code in sorted(schools)[:2])
        raise Refused(
            f"{refused}. A faculty lead is written with each school of the faculty, as in {written}"
        ) from None


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _filled(row: Row, column: str) -> str:
    if not row[column]:
        raise Refused(f"{column} is empty")
    return row[column]


def _code(row: Row, column: str) -> str:
    code = without_invisible(_filled(row, column))
    if not _CODE.fullmatch(code):
        raise Refused(f"{column} has to be at most 40 characters, without spaces")
    return code


def _email(row: Row, column: str) -> str:
    address = without_invisible(row[column])
    if address and not _EMAIL.fullmatch(address):
        raise Refused(f"{column} is not an e-mail address")
    return address


def _language(row: Row) -> str:
    tag = row["language"].casefold()
    if tag and not _TAG.fullmatch(tag):
        raise Refused("language is not a language tag such as en or cy")
    return tag or "en"


def _day(row: Row, column: str) -> dt.date:
    try:
        # Databases export a day as its first instant.
        return dt.datetime.fromisoformat(_filled(row, column)).date()
    except ValueError:
        raise Refused(f"{column} is not an ISO date such as 2025-10-06") from None


def _one_of(value: str, column: str, known: Collection[str]) -> str:
    if found := _as_known(value, known):
        return found
    if not value:
        raise Refused(f"{column} is empty")
    raise Refused(f"{column} is not on the roster")


def _as_known(value: str, known: Collection[str]) -> str:
    """Return a known code, also where it is written in capitals or without; '' for none or two."""
    if value in known:
        return value
    alike = [each for each in known if each.casefold() == value.casefold()]
    return alike[0] if len(alike) == 1 else ""


def _known_school(value: str, column: str, schools: Collection[str]) -> str:
    if found := _as_known(value, schools):
        return found
    known = ", ".join(sorted(schools)) or "none yet"
    raise Refused(f"{column}: there is no school of that code; known are {known}")


def _word(value: str, column: str, words: type[Word]) -> Word:
    try:
        return words(value.casefold())
    except ValueError:
        raise Refused(f"{column}: allowed are {', '.join(words)}") from None
