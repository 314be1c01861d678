"""The invented people, schools and policy that most tests use.

Two schools, Languages and Mathematics. In Languages: Alice, an adviser; Sana, the student support
officer; Lena, the engagement lead; Bob, who organises a module. Charlie advises in Mathematics, so
to Languages he is an outsider; so is Max, the lead there. Dana and Eli study Languages; Mira
studies Mathematics and takes a module in Languages.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from store.rules.flag_rules.evidence import Finding
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagEnd, Level, MarkerFamily, Role
from store.rules.schools import (
    EnrolmentEntry,
    ModuleEntry,
    Roster,
    SchoolEntry,
    StaffEntry,
    StudentEntry,
)

MORNING = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
"""A Wednesday in term, 10:30 in Europe/London, outside all quiet hours."""

TRAINED = dt.date(2025, 9, 1)
LANGUAGES, MATHEMATICS = "LANG", "MATH"
REASON = "Dana told me she is fine"
SUBJECT = "How are things going, Dana?"
BODY = "Hello Dana,\n\nhow are you, and is there anything we can do to help?\n\nAlice"

ROSTER = Roster(
    schools=(
        SchoolEntry(LANGUAGES, "School of Languages", "Humanities"),
        SchoolEntry(MATHEMATICS, "School of Mathematics", "Science"),
    ),
    staff=(
        StaffEntry("alice@example.ac.uk", "Alice Adviser", ((LANGUAGES, Role.ADVISER),)),
        StaffEntry(
            "sana@example.ac.uk", "Sana Support", ((LANGUAGES, Role.STUDENT_SUPPORT_OFFICER),)
        ),
        StaffEntry(
            "lena@example.ac.uk", "Lena Lead", ((LANGUAGES, Role.ENGAGEMENT_LEAD),), TRAINED
        ),
        StaffEntry("bob@example.ac.uk", "Bob Brown", ((LANGUAGES, Role.MODULE_ORGANISER),)),
        StaffEntry(
            "max@example.ac.uk", "Max Moor", ((MATHEMATICS, Role.ENGAGEMENT_LEAD),), TRAINED
        ),
        StaffEntry("charlie@example.ac.uk", "Charlie Clark", ((MATHEMATICS, Role.ADVISER),)),
    ),
    modules=(
        ModuleEntry("FR101", "French for beginners", LANGUAGES, "bob@example.ac.uk"),
        ModuleEntry("MA101", "Calculus", MATHEMATICS),
    ),
    students=(
        StudentEntry(
            "1001",
            "Dana",
            "Dvorak",
            Level.UNDERGRADUATE,
            "R100",
            LANGUAGES,
            university_email="dana@students.example.ac.uk",
            personal_email="dana@home.example",
            adviser="alice@example.ac.uk",
        ),
        StudentEntry(
            "1002",
            "Eli",
            "Evans",
            Level.FOUNDATION,
            "R100",
            LANGUAGES,
            university_email="eli@students.example.ac.uk",
        ),
        StudentEntry(
            "2001",
            "Mira",
            "Moss",
            Level.UNDERGRADUATE,
            "G100",
            MATHEMATICS,
            contributing_schools=(LANGUAGES,),
            university_email="mira@students.example.ac.uk",
        ),
    ),
    enrolments=tuple(
        EnrolmentEntry(number, module, dt.date(2025, 9, 22))
        for number, module in (
            ("1001", "FR101"),
            ("1002", "FR101"),
            ("2001", "FR101"),
            ("2001", "MA101"),
        )
    ),
)


def policy_document(
    school: str = LANGUAGES,
    *,
    views_needed: int = 1,
    clear_after_days: int = 7,
    drafter_may_approve: bool = True,
    effective: dt.date = dt.date(2025, 9, 1),
    capacity: int = 10,
) -> str:
    """Return a school's policy. What is not given has a sensible default."""
    return f"""\
school = "{school}"
views_needed = {views_needed}
clear_after_days = {clear_after_days}
capacity = {capacity}
[approval]
approved_by = "Lena Lead"
effective = {effective}
published = ["student handbook", "email"]
[[markers]]
family = "vle"
sources = ["moodle"]
[rules.inactivity]
[outreach]
mailbox = "{school.lower()}@example.ac.uk"
drafter_may_approve = {str(drafter_may_approve).lower()}
[[ladder]]
rung = "university-email"
wait_days = 3
[[ladder]]
rung = "personal-email"
wait_days = 3
"""


def finding(student: int, subject: str = "", **changes: Any) -> Finding:
    """Return a finding of a rule. Another ``subject`` makes another flag."""
    fields: dict[str, Any] = {
        "rule": "inactivity",
        "family": MarkerFamily.VLE,
        "module": None,
        "reason_staff": "No activity since Monday 6 October.",
        "reason_student": "We have not seen you since Monday 6 October.",
        "source": "moodle",
        "fresh": dt.date(2025, 10, 21),
    }
    return Finding(student=student, subject=subject, **(fields | changes))


def back(_run: FlagRun) -> FlagEnd:
    """Judge every student whose flag is not found any more as back."""
    return FlagEnd.BACK
