"""The people of the demo: two invented schools with invented students and staff.

Names are drawn from small lists by a fixed seed, so that the same student is the same student in
every demo. All addresses end in ``.example``, which belongs to no one.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from store.rules.model import Level, Role
from store.rules.schools import (
    EnrolmentEntry,
    ModuleEntry,
    Roster,
    SchoolEntry,
    StaffEntry,
    StudentEntry,
)

SEED = 1813
CLASS_SIZE = 60

_GIVEN = [
    "Abbet",
    "Bramwyn",
    "Cindle",
    "Dorrow",
    "Elspin",
    "Fennick",
    "Gwillow",
    "Hobbin",
    "Isolder",
    "Jossamy",
    "Kettle",
    "Lumen",
    "Marrow",
    "Nimbus",
    "Orrin",
    "Pipkin",
    "Quillow",
    "Rushen",
    "Sorrelay",
    "Tamsy",
]
_FAMILY = [
    "Brightwater",
    "Copperlane",
    "Dewmarsh",
    "Emberfield",
    "Foglamp",
    "Glimmerton",
    "Harbourglass",
    "Inkpot",
    "Kettlewick",
    "Lampwright",
    "Moonhollow",
    "Nettlecombe",
    "Oakbottle",
    "Paperhill",
    "Quillfeather",
    "Rainbarrel",
    "Saltlantern",
    "Thimblebury",
    "Umberstone",
    "Velvetmoor",
    "Wickfallow",
    "Yarnspool",
]


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """An invented school. Students are numbered from ``first_number``."""

    code: str
    name: str
    first_number: int
    undergraduate: str
    taught: str
    research: tuple[Level, str]
    """The last student's level and programme: one whose scope is the policy's decision."""
    modules: tuple[tuple[str, str], ...]

    def number(self, index: int) -> str:
        """Return the student number of the school's student at this place, counted from 0."""
        return f"{self.code[0]}{self.first_number + index}"

    def modules_of(self, index: int) -> tuple[str, ...]:
        """Return the three modules, of the school's four, that a student takes."""
        return tuple(code for at, (code, _) in enumerate(self.modules) if at != index % 4)


LANG = DemoSchool(
    code="LANG",
    name="School of Lantern Languages",
    first_number=1001,
    undergraduate="BA Invented Languages",
    taught="MA Translation of Silence",
    research=(Level.POSTGRADUATE_RESEARCH, "PhD Invented Languages"),
    modules=(
        ("LAN101", "Grammars of Light"),
        ("LAN102", "Alphabets That Never Were"),
        ("LAN103", "Sounds of the Lighthouse Coast"),
        ("LAN104", "Translating Silence"),
    ),
)
TIDE = DemoSchool(
    code="TIDE",
    name="School of Tidal Physics",
    first_number=2001,
    undergraduate="BSc Tidal Physics",
    taught="MSc Waves in Bottles",
    research=(Level.MRES, "MRes Tidal Physics"),
    modules=(
        ("TID101", "Tides of Small Moons"),
        ("TID102", "Waves in Bottles"),
        ("TID103", "Foam and Its Causes"),
        ("TID104", "Measuring the Shore"),
    ),
)
SCHOOLS = (LANG, TIDE)
WELSH_SPEAKER = 29
"""A student of physics at this place is written to in Welsh."""
SHARED_STUDENT = 8
"""A student of languages at this place also takes a module of the other school."""

_STAFF: tuple[tuple[str, tuple[tuple[DemoSchool, Role], ...]], ...] = (
    ("Alice Alder", ((LANG, Role.ADVISER),)),
    ("Bob Birch", ((LANG, Role.STUDENT_SUPPORT_OFFICER),)),
    ("Chandra Cedar", ((LANG, Role.STUDENT_SUPPORT_OFFICER),)),
    ("Dora Damson", ((LANG, Role.MODULE_ORGANISER),)),
    ("Edgar Elm", ((LANG, Role.ENGAGEMENT_LEAD),)),
    ("Farah Fern", ((TIDE, Role.ADVISER),)),
    ("Goran Gorse", ((TIDE, Role.STUDENT_SUPPORT_OFFICER),)),
    ("Hana Hazel", ((TIDE, Role.STUDENT_SUPPORT_OFFICER),)),
    ("Ines Ivy", ((TIDE, Role.MODULE_ORGANISER),)),
    ("Jonas Juniper", ((TIDE, Role.ENGAGEMENT_LEAD),)),
    ("Kim Kelp", ((LANG, Role.ADVISER), (TIDE, Role.MODULE_ORGANISER))),
    ("Leila Lichen", ((LANG, Role.FACULTY_LEAD), (TIDE, Role.FACULTY_LEAD))),
    (
        "Mungo Moss",
        ((LANG, Role.DATA_PROTECTION_OFFICER), (TIDE, Role.DATA_PROTECTION_OFFICER)),
    ),
)


def build_roster(starts: dt.date) -> Roster:
    """Build the roster of both schools, enrolled from ``starts`` on."""
    return Roster(
        schools=tuple(SchoolEntry(school.code, school.name, "Lantern") for school in SCHOOLS),
        staff=tuple(_staff(name, roles, starts) for name, roles in _STAFF),
        modules=tuple(
            ModuleEntry(code, title, school.code, _address("dora" if school is LANG else "ines"))
            for school in SCHOOLS
            for code, title in school.modules
        ),
        students=tuple(_students()),
        enrolments=tuple(_enrolments(starts)),
    )


def _staff(name: str, roles: tuple[tuple[DemoSchool, Role], ...], starts: dt.date) -> StaffEntry:
    user = name.split(maxsplit=1)[0].lower()
    in_schools = tuple((school.code, role) for school, role in roles)
    return StaffEntry(_address(user), name, in_schools, starts, sandbox_user=user)


def _students() -> Iterator[StudentEntry]:
    names = iter(random.Random(SEED).sample(list(product(_GIVEN, _FAMILY)), 2 * CLASS_SIZE))  # noqa: S311 -- names, not secrets
    for school in SCHOOLS:
        for index in range(CLASS_SIZE):
            given, family = next(names)
            number = school.number(index)
            level, programme = _studies(school, index)
            shared = school is LANG and index == SHARED_STUDENT
            yield StudentEntry(
                number=number,
                given_name=given,
                family_name=family,
                level=level,
                programme=programme,
                home_school=school.code,
                contributing_schools=(TIDE.code,) if shared else (),
                university_email=f"{number.lower()}@students.lantern.example",
                personal_email=f"{given}.{family}@home.example".lower(),
                adviser=_address("alice" if school is LANG else "farah"),
                language="cy" if school is TIDE and index == WELSH_SPEAKER else "en",
            )


def _studies(school: DemoSchool, index: int) -> tuple[Level, str]:
    if index == CLASS_SIZE - 1:
        return school.research
    if index % 12 == 5:
        return Level.POSTGRADUATE_TAUGHT, school.taught
    return Level.UNDERGRADUATE, school.undergraduate


def _enrolments(starts: dt.date) -> Iterator[EnrolmentEntry]:
    for school in SCHOOLS:
        for index in range(CLASS_SIZE):
            for module in school.modules_of(index):
                yield EnrolmentEntry(school.number(index), module, starts)
    yield EnrolmentEntry(LANG.number(SHARED_STUDENT), TIDE.modules[0][0], starts)


def _address(user: str) -> str:
    return f"{user}@lantern.example"
