"""The people: two invented schools, their colleagues, and students with different habits.

Most stories are about the School of Glass (GLAS); the School of Rivers (RIVE) is the other one. A
student's ``Habit`` decides what the sources report about them.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

GLAS, RIVE = "GLAS", "RIVE"
CHANNEL = {GLAS: "glas", RIVE: "rive"}
MAILBOX = {GLAS: "hello@glass.example", RIVE: "hello@rivers.example"}
TERM = dt.date(2026, 10, 5)
TODAY = dt.date(2026, 11, 23)
"""A Monday in the eighth week: what every story begins with has been screened by then."""
GONE = dt.date(2026, 11, 6)
"""The last day on which students who became inactive were seen."""
MODULES = {GLAS: ("GLA101", "GLA102", "GLA103"), RIVE: ("RIV101", "RIV102", "RIV103")}

STAFF = {
    "alice": ("Alice Amber", f"{GLAS}:adviser"),
    "bob": ("Bob Beryl", f"{GLAS}:student-support-officer"),
    "dora": ("Dora Dune", f"{GLAS}:module-organiser"),
    "edgar": ("Edgar Ember", f"{GLAS}:engagement-lead"),
    "otto": ("Otto Opal", f"{GLAS}:student-support-officer"),
    "frida": ("Frida Flint", f"{GLAS}:faculty-lead;{RIVE}:faculty-lead"),
    "petra": ("Petra Pearl", f"{GLAS}:data-protection-officer;{RIVE}:data-protection-officer"),
    "goran": ("Goran Gill", f"{RIVE}:student-support-officer"),
    "hana": ("Hana Heron", f"{RIVE}:adviser"),
    "jonas": ("Jonas Jetty", f"{RIVE}:engagement-lead"),
}


@dataclass(frozen=True)
class Habit:
    """A student's pattern of activity over the weeks."""

    until: dt.date = dt.date.max
    """The last day with any activity."""
    begins: dt.date = dt.date.min
    """The first day with any activity."""
    clicks_only_on: int | None = None
    """The one weekday with a click, and nothing else in the week; None for a usual week."""
    comes_to_every: int = 1
    """The student attends one session in this many."""
    hands_in: bool = True
    keeps_meetings: bool = True
    back: tuple[dt.date, ...] = ()
    """Days with a click although the student is otherwise inactive."""
    skips: tuple[str, ...] = ()
    """Modules whose sessions the student never attends."""

    def is_there(self, day: dt.date) -> bool:
        """Return whether there is any activity on this day, apart from single clicks."""
        return self.begins <= day <= self.until and self.clicks_only_on is None


@dataclass(frozen=True)
class Student:
    """An invented student."""

    number: str
    given: str
    family: str
    school: str = GLAS
    level: str = "undergraduate"
    programme: str = "BA Glass"
    contributing: str = ""
    language: str = "en"
    modules: tuple[str, ...] = ()
    habit: Habit = field(default_factory=Habit)
    writes_notes: bool = False
    """Whether a reading note is due every week."""

    @property
    def university_email(self) -> str:
        """Return the university's address for the student."""
        return f"{self.number.lower()}@students.glass.example"

    @property
    def personal_email(self) -> str:
        """Return the personal address, which may be shared and insecure."""
        return f"{self.given}.{self.family}@home.example".lower()


def _glass(
    number: int,
    given: str,
    family: str,
    habit: Habit | None = None,
    level: str = "undergraduate",
    programme: str = "BA Glass",
    language: str = "en",
) -> Student:
    who = Student(f"G{number}", given, family, GLAS, level, programme, language=language)
    return replace(who, modules=MODULES[GLAS], habit=habit or Habit())


SILENT = _glass(4001, "Sorrel", "Quillane", Habit(until=GONE))
SILENT_TOO = _glass(4002, "Tansy", "Umberlow", Habit(until=GONE))
NEVER_SEEN = _glass(4003, "Nevin", "Vacantine", Habit(until=dt.date.min))
ONE_CLICK = _glass(4004, "Clixby", "Oncewell", Habit(clicks_only_on=0))
SELDOM = _glass(4005, "Seldon", "Rarewick", Habit(comes_to_every=4))
NO_ESSAY = _glass(4006, "Essaline", "Blankmoor", Habit(hands_in=False))
NO_MEETINGS = _glass(4007, "Metta", "Absentry", Habit(keeps_meetings=False))
RESEARCHER = _glass(
    4008, "Resa", "Thesiger", Habit(until=GONE), level="postgraduate-research",
    programme="PhD Glass",
)  # fmt: skip
MODEL = _glass(4009, "Modesty", "Steadwell")
WELSH = _glass(4010, "Gwenfair", "Llusern", Habit(until=GONE), language="cy")
TAUGHT = _glass(
    4011, "Tatum", "Masterley", Habit(until=GONE), level="postgraduate-taught", programme="MA Glass"
)
JOINT = Student(
    "G4012",
    "Joyce",
    "Bothways",
    contributing=RIVE,
    modules=(*MODULES[GLAS][:2], MODULES[RIVE][0]),
    programme="BA Glass and Rivers",
)
RIVER_SILENT = Student(
    "R5001", "Brookes", "Shallowford", RIVE, programme="BSc Rivers", modules=MODULES[RIVE],
    habit=Habit(until=GONE),
)  # fmt: skip
MRES = Student(
    "R5002", "Mirelle", "Halfway", RIVE, "mres", "MRes Rivers", modules=MODULES[RIVE],
    habit=Habit(until=GONE),
)  # fmt: skip

CAST = (
    SILENT, SILENT_TOO, NEVER_SEEN, ONE_CLICK, SELDOM, NO_ESSAY, NO_MEETINGS, RESEARCHER, MODEL,
    WELSH, TAUGHT, JOINT, RIVER_SILENT, MRES,
)  # fmt: skip
OTHERS = tuple(
    Student(
        f"{school[0]}{first + n}", f"{given}a", f"{family}ley", school,
        programme=f"B{'A' if school is GLAS else 'Sc'} {'Glass' if school is GLAS else 'Rivers'}",
        modules=MODULES[school], writes_notes=True,
    )
    for school, first, size in ((GLAS, 4101, 14), (RIVE, 5101, 8))
    for n, (given, family) in enumerate(
        zip(
            ("Abbr", "Benn", "Cass", "Dell", "Emm", "Finn", "Gret", "Holl", "Idr", "Jun", "Kell",
             "Lin", "Morr", "Nell")[:size],
            ("Ash", "Birch", "Cob", "Dock", "Elder", "Fern", "Gorse", "Hawk", "Iris", "Juni",
             "Kest", "Larch", "Moss", "Nettle")[:size],
            strict=True,
        )
    )
)  # fmt: skip
STUDENTS = (*CAST, *OTHERS)


def address(user: str) -> str:
    """Return a colleague's address."""
    return f"{user}@staff.example"


def write_roster(folder: Path, students: Iterable[Student] = STUDENTS) -> Path:
    """Write the roster as the five files that a university delivers."""
    folder.mkdir(parents=True, exist_ok=True)
    everyone = list(students)
    write_rows(
        folder / "schools.csv",
        ("code", "name", "faculty"),
        [(GLAS, "School of Glass", "Matter"), (RIVE, "School of Rivers", "Matter")],
    )
    write_rows(
        folder / "staff.csv",
        ("email", "name", "roles", "trained_on", "sandbox_user"),
        [(address(who), name, roles, "2026-09-01", who) for who, (name, roles) in STAFF.items()],
    )
    write_rows(
        folder / "modules.csv",
        ("code", "title", "school", "organiser"),
        [
            (code, f"{code} of old", school, address("dora" if school == GLAS else "hana"))
            for school, codes in MODULES.items()
            for code in codes
        ],
    )
    write_rows(
        folder / "students.csv",
        (
            "number", "given_name", "family_name", "level", "programme", "home_school",
            "contributing_schools", "university_email", "personal_email", "adviser", "language",
        ),
        [
            (
                s.number, s.given, s.family, s.level, s.programme, s.school, s.contributing,
                s.university_email, s.personal_email,
                address("alice" if s.school == GLAS else "hana"), s.language,
            )
            for s in everyone
        ],
    )  # fmt: skip
    write_rows(
        folder / "enrolments.csv",
        ("number", "module", "starts"),
        [(s.number, module, str(TERM)) for s in everyone for module in s.modules],
    )
    return folder


def write_rows(file: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> Path:
    """Write a CSV file and return its path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([tuple(header), *rows])
    return file
