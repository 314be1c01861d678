"""The roster as feeds deliver it, before it is stored.

``number`` is the university's own student number and ``code`` a module's; both are the keys under
which the same person or module comes again tomorrow.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from store.rules.model import Level, Role


@dataclass(frozen=True, slots=True)
class SchoolEntry:
    """A school or institute. ``code`` is short and stable, such as ``LANG``."""

    code: str
    name: str
    faculty: str = ""


@dataclass(frozen=True, slots=True)
class StudentEntry:
    """A student, with the home school that alone may contact them."""

    number: str
    given_name: str
    family_name: str
    level: Level
    programme: str
    home_school: str
    contributing_schools: tuple[str, ...] = ()
    university_email: str = ""
    personal_email: str = ""
    adviser: str = ""
    """The adviser's university email address; '' where there is none."""
    language: str = "en"
    """A language tag, such as ``cy``: the language for emails to the student, where there are
    letters in it; else English."""


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A member of staff and their roles by school.

    ``trained_on`` is the day of the recorded training, ``sandbox_user`` their user id on the
    embedded sandbox workspace, '' for none.
    """

    email: str
    name: str
    roles: tuple[tuple[str, Role], ...]
    trained_on: dt.date | None = None
    sandbox_user: str = ""


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """A module and the school that teaches it."""

    code: str
    title: str
    school: str
    organiser: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentEntry:
    """A student on a module, both days included; ``ends`` is None while it is open."""

    number: str
    module: str
    starts: dt.date
    ends: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """One delivery of roster data. What it does not mention stays as it is."""

    schools: tuple[SchoolEntry, ...] = ()
    staff: tuple[StaffEntry, ...] = ()
    modules: tuple[ModuleEntry, ...] = ()
    students: tuple[StudentEntry, ...] = ()
    enrolments: tuple[EnrolmentEntry, ...] = ()
    unsaid: frozenset[tuple[str, str]] = frozenset()
    """Fields that the delivery says nothing of, such as ``("students", "adviser")``: what is
    stored of them stays as it is."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out of a load, and why. The reason quotes nothing of the row."""

    file: str
    line: int
    reason: str
