"""§10: monitoring some modules suffices if they are a cross-section; else the lead is told."""

import re

from tests.policy.people import GLAS, MODULES, STUDENTS, TERM, Student, write_roster, write_rows
from tests.policy.school import School

NEVER = Student("G4910", "Noor", "Unmonitored", modules=("GLA900", "GLA901"))
HARDLY = Student("G4909", "Hardy", "Unseen", modules=("GLA900", "GLA901", MODULES[GLAS][0]))


def with_the_unmonitored(school: School) -> str:
    """Add two students with little or no monitoring; return what coverage tells the lead."""
    folder = school.home / "later-roster"
    write_roster(folder, (*STUDENTS, HARDLY, NEVER))
    rows = [
        (code, f"{code} without a register", GLAS, "dora@staff.example")
        for code in ("GLA900", "GLA901")
    ]
    write_rows(folder / "modules.csv", ("code", "title", "school", "organiser"), rows)
    write_rows(
        folder / "enrolments.csv",
        ("number", "module", "starts"),
        [
            (each.number, module, str(TERM))
            for each in (HARDLY, NEVER)
            for module in each.modules[:2]
        ],
    )
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text
    school.morning("2026-11-24")
    return school.person("edgar").types("coverage").text


def test_the_lead_is_told_of_whom_too_little_is_known_by_their_own_number(school: School) -> None:
    """A7: not “student 37”, since `find 37` finds another student or none."""
    said = with_the_unmonitored(school)
    known_as = school.case_of(HARDLY) or HARDLY.number
    assert known_as in said, f"no source speaks of {HARDLY.number}, and coverage says: {said}"
    assert not re.search(r"\bstudent \d+\b", said), f"an internal number where people read: {said}"


def test_only_the_lead_is_told(school: School) -> None:
    with_the_unmonitored(school)
    said = school.person("dora").types("coverage").text
    assert HARDLY.number not in said, said


def test_who_is_hardly_monitored_is_not_called_silent(school: School) -> None:
    """Trap: missing data about a student is read as their absence."""
    with_the_unmonitored(school)
    assert not school.case_of(HARDLY), school.person("alice").card(school.case_of(HARDLY)).text


def test_of_whom_no_module_is_monitored_is_not_measured(school: School) -> None:
    """0 of 2 modules: the lead is told, and no card calls the student “not seen”."""
    said = with_the_unmonitored(school)
    assert f"{NEVER.number}: 0 of 2 modules" in said
    assert not school.case_of(NEVER)
