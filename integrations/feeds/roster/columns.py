"""The columns of the roster's files."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.feeds.documented import Column, DocumentedFile
from integrations.feeds.roster.status import WORDS
from store.rules.model import Level, Role
from store.rules.schools import IdentifierKind

_SCHOOL = "a school's code, as in schools.csv or known from before"
_ADDRESS = "an email address"
_DAY = "a date such as 2025-10-06"


def _one_of(words: Iterable[str]) -> str:
    return ", ".join(words)


_STATUS = Column(
    "status",
    f"{WORDS}, or another word of that meaning. Empty: active. deceased stops all contact at once, "
    "and a colleague is asked to confirm it",
)

SCHOOLS = DocumentedFile(
    "schools.csv",
    (
        Column("code", "the school's code, at most 40 characters without spaces", is_required=True),
        Column("name", "the school's name, as people read it", is_required=True),
        Column("faculty", "the faculty that the school belongs to"),
    ),
)
STAFF = DocumentedFile(
    "staff.csv",
    (
        Column("email", f"{_ADDRESS}, which identifies the colleague", is_required=True),
        Column("name", "the colleague's name", is_required=True),
        Column(
            "roles",
            "each role with its school, as LANG:adviser;LANG:engagement-lead. The roles are "
            f"{_one_of(Role)}. Empty: no access",
            is_required=True,
        ),
        Column("trained_on", f"the day of the recorded training, {_DAY}"),
        Column("sandbox_user", "the colleague's ID in the sandbox workspace"),
        Column("active", "yes or no; no takes all access away. Empty: yes"),
    ),
)
MODULES = DocumentedFile(
    "modules.csv",
    (
        Column("code", "the module's code, at most 40 characters without spaces", is_required=True),
        Column("title", "the module's title, as people read it", is_required=True),
        Column("school", _SCHOOL, is_required=True),
        Column("organiser", f"{_ADDRESS}, as in staff.csv"),
    ),
)
STUDENTS = DocumentedFile(
    "students.csv",
    (
        Column(
            "number", "the student number, at most 40 characters without spaces", is_required=True
        ),
        Column("given_name", "empty only where family_name is not", is_required=True),
        Column("family_name", "empty only where given_name is not", is_required=True),
        Column("level", f"one of {_one_of(Level)}", is_required=True),
        Column("programme", "the programme's name or code", is_required=True),
        Column("home_school", _SCHOOL, is_required=True),
        Column("contributing_schools", "codes of other schools, with ; between them"),
        Column("university_email", f"{_ADDRESS}, to which Lantern's emails go first"),
        Column("personal_email", _ADDRESS),
        Column("adviser", f"{_ADDRESS}, as in staff.csv"),
        Column("language", "the language of emails, as a tag such as cy. Empty: en"),
        _STATUS,
        Column("left_on", f"the student's last day, {_DAY}"),
    ),
)
ENROLMENTS = DocumentedFile(
    "enrolments.csv",
    (
        Column("number", "a student number, as in students.csv", is_required=True),
        Column("module", "a module's code, as in modules.csv", is_required=True),
        Column("starts", f"the first day, {_DAY}", is_required=True),
        Column("ends", f"the last day, {_DAY}. Empty: still open"),
        _STATUS,
    ),
)
IDENTIFIERS = DocumentedFile(
    "identifiers.csv",
    (
        Column("number", "a student number, as in students.csv", is_required=True),
        Column("value", "what another system calls the student", is_required=True),
        Column("kind", f"one of {_one_of(IdentifierKind)}. Empty: vle-id, with system"),
        Column("system", "whose identifier it is, such as moodle. Needed where kind is empty"),
        Column("from", f"the first day, {_DAY}. Empty: from the beginning"),
        Column("to", f"the last day, {_DAY}. Empty: still open"),
    ),
)

ROSTER = (SCHOOLS, STAFF, MODULES, STUDENTS, ENROLMENTS, IDENTIFIERS)
"""The files of a roster, in the order in which they refer to each other."""
