"""Students alive or deceased according to a roster delivery."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from store.rules.model import Level
from store.rules.schools import EnrolmentEntry, Roster, StudentEntry

DANA = StudentEntry("1001", "Dana", "Example", Level.UNDERGRADUATE, "French", "LANG")
ENROLLED = EnrolmentEntry("1003", "FR101", dt.date(2025, 9, 22))


def test_a_student_has_died_by_whichever_file_says_it() -> None:
    roster = Roster(
        students=(DANA, replace(DANA, number="1002", has_died=True), replace(DANA, number="1003")),
        enrolments=(ENROLLED, replace(ENROLLED, has_died=True), replace(ENROLLED, number="1001")),
    )
    assert roster.have_died == {"1002", "1003"}
    assert roster.live == {"1001"}


def test_a_delivery_without_the_status_says_of_no_one_that_they_are_alive() -> None:
    """Then a death recorded earlier still counts."""
    assert Roster(students=(DANA,), unsaid=frozenset({("students", "status")})).live == frozenset()
    other = frozenset({("students", "adviser"), ("enrolments", "status")})
    assert Roster(students=(DANA,), unsaid=other).live == {"1001"}
