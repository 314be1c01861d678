"""The roster as feeds deliver it, before it is stored.

``number`` is the university's own student number and ``code`` a module's; both are the keys under
which the same person or module comes again tomorrow.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

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
    has_left: bool = False
    """The delivery marks the student as having left or interrupted their studies."""
    left_on: dt.date | None = None
    """Their last day, of one who has left; None where the delivery does not say."""
    has_died: bool = False
    """The delivery marks the student as having died. Enrolments stay: it may be a mistake."""


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
    active: bool = True
    """Whether the person works here: one who does not has no access, and keeps their history."""


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """A module and the school that teaches it."""

    code: str
    title: str
    school: str
    organiser: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentEntry:
    """A student on a module, both days included; ``ends`` is None while it is open.

    It may end before it starts: the student withdrew before that and was never on the module.
    """

    number: str
    module: str
    starts: dt.date
    ends: dt.date | None = None
    is_over: bool = False
    """The delivery says that it is over, though perhaps not since when."""
    has_died: bool = False
    """It says that the student has died, which ends no enrolment: it may be a mistake."""


class IdentifierKind(StrEnum):
    """The kind of a student's identifier in another system."""

    STUDENT_NUMBER = "student-number"
    """An earlier or another number of the same person."""
    SIS_NUMBER = "sis-number"
    VLE_ID = "vle-id"
    USERNAME = "username"
    EMAIL = "email"
    OBJECT_ID = "object-id"


@dataclass(frozen=True, slots=True)
class IdentifierEntry:
    """An identifier of a student, valid from ``first`` to ``last``; None: open."""

    number: str
    kind: IdentifierKind
    value: str
    first: dt.date | None = None
    last: dt.date | None = None
    system: str = ""
    """The system that uses it, such as ``moodle``; '' where the kind implies it."""


@dataclass(frozen=True, slots=True)
class Roster:
    """One delivery of roster data. Data that it does not mention stays as it is."""

    schools: tuple[SchoolEntry, ...] = ()
    staff: tuple[StaffEntry, ...] = ()
    modules: tuple[ModuleEntry, ...] = ()
    students: tuple[StudentEntry, ...] = ()
    enrolments: tuple[EnrolmentEntry, ...] = ()
    identifiers: tuple[IdentifierEntry, ...] = ()
    renumbered: tuple[tuple[str, str], ...] = ()
    """(Old number, new number) of known students who come under another number."""
    questions: tuple[tuple[str, str], ...] = ()
    """(Known number, another number with the same address): questions for a person to settle."""
    complete: frozenset[str] = frozenset()
    """``staff``, ``students`` or ``enrolments`` if the delivery has all of them: anyone missing has
    left."""
    unsaid: frozenset[tuple[str, str]] = frozenset()
    """Fields that the delivery does not have, such as ``("students", "adviser")``: stored values
    stay."""

    @property
    def have_died(self) -> frozenset[str]:
        """The numbers of students who have died, by whichever file says it."""
        people = {each.number for each in self.students if each.has_died}
        return frozenset(people | {each.number for each in self.enrolments if each.has_died})

    @property
    def live(self) -> frozenset[str]:
        """The numbers of students whose own row says that they are alive.

        The status of an enrolment says only that the enrolment is over.
        """
        if ("students", "status") in self.unsaid:
            return frozenset()
        return frozenset(each.number for each in self.students) - self.have_died


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row left out of a load, with the reason, which quotes nothing of the row."""

    file: str
    line: int
    reason: str
