"""One row of a roster file → one entry of the roster, or the reason why not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TypeVar

from store.rules.model import Level, Role
from store.rules.schools import EnrolmentEntry, ModuleEntry, SchoolEntry, StaffEntry, StudentEntry

LONGEST = 200
"""Characters of any value but roles."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+\.[^@\s]+")
_CODE = re.compile(r"\S{1,40}")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Row = dict[str, str]
"""Column → value, without surrounding blanks."""
Word = TypeVar("Word", bound=StrEnum)


class Refused(Exception):
    """Why a row is left out, without quoting it."""


def row(columns: Sequence[str], values: Sequence[str]) -> Row:
    """The row as a mapping. Raises ``Refused`` on values that no column may have."""
    found = {column: value.strip() for column, value in zip(columns, values, strict=True)}
    for column, value in found.items():
        if _CONTROL.search(value):
            raise Refused(f"{column} holds control characters")
        if len(value) > LONGEST and column != "roles":
            raise Refused(f"{column} is longer than {LONGEST} characters")
    return found


def school(row: Row) -> SchoolEntry:
    """A row of ``schools.csv``."""
    return SchoolEntry(_code(row, "code"), _filled(row, "name"), row["faculty"])


def staff(row: Row, schools: Collection[str]) -> StaffEntry:
    """A row of ``staff.csv``; ``schools`` are the codes that are known."""
    return StaffEntry(
        email=_email(row, "email") or _filled(row, "email"),
        name=_filled(row, "name"),
        roles=tuple(_role(part, schools) for part in _parts(row["roles"])),
        trained_on=_day(row, "trained_on") if row["trained_on"] else None,
        sandbox_user=row["sandbox_user"],
    )


def module(row: Row, schools: Collection[str]) -> ModuleEntry:
    """A row of ``modules.csv``."""
    return ModuleEntry(
        code=_code(row, "code"),
        title=_filled(row, "title"),
        school=_known_school(row["school"], "school", schools),
        organiser=_email(row, "organiser"),
    )


def student(row: Row, schools: Collection[str]) -> StudentEntry:
    """A row of ``students.csv``."""
    if not (row["given_name"] or row["family_name"]):
        raise Refused("given_name and family_name are both empty")
    return StudentEntry(
        number=_code(row, "number"),
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
    )


def enrolment(row: Row, numbers: Collection[str], modules: Collection[str]) -> EnrolmentEntry:
    """A row of ``enrolments.csv``."""
    entry = EnrolmentEntry(
        number=_one_of(row["number"], "number", numbers),
        module=_one_of(row["module"], "module", modules),
        starts=_day(row, "starts"),
        ends=_day(row, "ends") if row["ends"] else None,
    )
    if entry.ends and entry.ends < entry.starts:
        raise Refused("ends is before starts")
    return entry


def _role(part: str, schools: Collection[str]) -> tuple[str, Role]:
    school, colon, role = part.partition(":")
    if not colon:
        raise Refused("roles are written SCHOOL:role, with ; between them")
    return _known_school(school.strip(), "roles", schools), _word(role.strip(), "roles", Role)


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _filled(row: Row, column: str) -> str:
    if not row[column]:
        raise Refused(f"{column} is empty")
    return row[column]


def _code(row: Row, column: str) -> str:
    if not _CODE.fullmatch(_filled(row, column)):
        raise Refused(f"{column} may have 40 characters, and no blanks")
    return row[column]


def _email(row: Row, column: str) -> str:
    if row[column] and not _EMAIL.fullmatch(row[column]):
        raise Refused(f"{column} is not an e-mail address")
    return row[column]


def _language(row: Row) -> str:
    tag = row["language"].casefold()
    if tag and not _TAG.fullmatch(tag):
        raise Refused("language is not a language tag such as en or cy")
    return tag or "en"


def _day(row: Row, column: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_filled(row, column))
    except ValueError:
        raise Refused(f"{column} is not an ISO date such as 2025-10-06") from None


def _one_of(value: str, column: str, known: Collection[str]) -> str:
    if value in known:
        return value
    if not value:
        raise Refused(f"{column} is empty")
    raise Refused(f"{column} is not on the roster")


def _known_school(value: str, column: str, schools: Collection[str]) -> str:
    if value in schools:
        return value
    known = ", ".join(sorted(schools)) or "none yet"
    raise Refused(f"{column}: there is no school of that code; known are {known}")


def _word(value: str, column: str, words: type[Word]) -> Word:
    try:
        return words(value)
    except ValueError:
        raise Refused(f"{column}: allowed are {', '.join(words)}") from None
