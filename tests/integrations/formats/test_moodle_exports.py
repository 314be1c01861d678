"""Moodle exports beside the course log: the attendance plugin's register and the gradebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.readers import moodle_attendance
from integrations.feeds.formats.times import declared_dates
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import read
from tests.integrations.formats.workbook import workbook

EXAMPLE = moodle_attendance.FORMAT.example
M1 = Declared(module="M1")
GRADES = (
    '"First name",Surname,"ID number","Email address","Assignment: Invented (Real)",'
    '"Course total (Real)","Last downloaded from this course"\n'
    "Ada,Example,26001000,u1000@student.uni.example,56.00,56.00,1760263200\n"
)


def test_each_mark_means_what_the_plugin_says(tmp_path: Path) -> None:
    summary, rows = read(tmp_path, "attendance.txt", EXAMPLE, M1)
    assert [(row["student_number"], row["kind"], row["item"][8:]) for row in rows] == [
        ("26001000", "expected", "2026-10-12T0900"),
        ("26001000", "done", "2026-10-12T0900"),
        ("26001000", "expected", "2026-10-12T1400"),
        ("26001000", "done", "2026-10-12T1400"),
        ("26001000", "expected", "2026-10-14T0900"),
        ("26001001", "excused", "2026-10-12T0900"),
    ]
    assert summary.late == 1
    assert dict(summary.passed) == {
        "the register was not taken: unknown, not absent": 2,
        "a session of another group": 1,
        "not enrolled in the course on that day": 1,
    }


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("12 Oct 2026 9.00AM", "12.10.2026 09.00"),
        ("12 Oct 2026 9.00AM", "12/10/2026 09:00"),
        ("P (2/2)", "P"),
        ("\t26001000\t", "\t\t"),
        ("ID number", "Department"),
        ("Username", "Institution"),
    ],
)
def test_what_exports_may_do_otherwise_changes_nothing(
    tmp_path: Path, english: str, other: str
) -> None:
    assert english in EXAMPLE
    days_first = Declared(declared_dates("day-first"), module="M1")
    _, rows = read(tmp_path, "attendance.txt", EXAMPLE.replace(english, other), days_first)
    assert rows == read(tmp_path, "attendance.txt", EXAMPLE, M1)[1]


def test_a_workbook_is_read_as_the_text_is(tmp_path: Path) -> None:
    table = [line.split("\t") for line in EXAMPLE.splitlines()]
    _, rows = read(tmp_path, "attendance.xlsx", workbook({"Attendances": table}), M1)
    assert rows == read(tmp_path, "attendance.txt", EXAMPLE, M1)[1]


def test_a_status_of_the_institutions_own_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    for status in ("X (1/2)", "-P", "Was there"):
        summary, _ = read(tmp_path, "attendance.txt", EXAMPLE.replace("A (0/2)", status), M1)
        assert dict(summary.refused) == {moodle_attendance.OTHER_MARK: 1}


def test_an_export_that_cannot_be_read_says_how_to_export_it(tmp_path: Path) -> None:
    nameless = EXAMPLE.replace("Username", "Institution").replace("ID number", "Department")
    with pytest.raises(FeedError, match="choose ID number or Username"):
        read(tmp_path, "attendance.txt", nameless, M1)
    numbers = EXAMPLE.replace(" Oct ", "/10/")
    with pytest.raises(FeedError, match="no column heading is the time of a session"):
        read(tmp_path, "attendance.txt", numbers, M1)


def test_a_gradebook_is_named_and_not_read_since_it_says_no_day(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"grades\.csv is an export of Moodle's gradebook"):
        read(tmp_path, "grades.csv", GRADES)
