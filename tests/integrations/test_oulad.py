"""OULAD as a feed, on a tiny invented data set of the same shape."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import duckdb
import pytest

from integrations.activity.lake import Lake
from integrations.feeds.oulad import ASSESSMENTS, VLE, load_oulad, read_oulad
from integrations.feeds.text_files import FeedError
from store.rules.model import Level
from store.rules.schools import EnrolmentEntry, RejectedRow, StudentEntry
from tests.integrations.small_lake import files_under

START = dt.date(2025, 10, 6)
STUDENTS = [("11", 1), ("12", 2), ("13", 3)]
FILES = {
    "courses.csv": "code_module,code_presentation,module_presentation_length\nAAA,2013J,30\n",
    "assessments.csv": "code_module,code_presentation,id_assessment,assessment_type,date,weight\n"
    "AAA,2013J,901,TMA,10,50\nAAA,2013J,902,CMA,20,50\n"
    "AAA,2013J,903,Exam,25,100\nAAA,2013J,904,Exam,,100\n",
    "studentRegistration.csv": "code_module,code_presentation,id_student,date_registration,"
    "date_unregistration\n"
    "AAA,2013J,11,-40,\nAAA,2013J,12,3,15\nAAA,2013J,13,-9,-2\n",
    "studentAssessment.csv": "id_assessment,id_student,date_submitted,is_banked,score\n"
    "901,11,8,0,70\n902,11,-4,1,60\n903,11,25,0,50\n",
    "studentVle.csv": "code_module,code_presentation,id_student,id_site,date,sum_click\n"
    "AAA,2013J,11,5,-3,4\nAAA,2013J,11,5,-3,4\nAAA,2013J,11,6,-3,1\nAAA,2013J,12,5,0,2\n",
}

Row = tuple[str, int, str, str, str | None, int, int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "oulad"
    path.mkdir()
    for name, content in FILES.items():
        (path / name).write_text(content)
    return path


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def add(folder: Path, name: str, rows: str) -> None:
    with (folder / name).open("a") as file:
        file.write(rows)


def rows_of(lake: Lake, source: str) -> list[Row]:
    """Return (day, student, module, family, item, expected, done) of a source's rows."""
    return [
        (str(which.day), *row)
        for which, path in sorted(lake.files(dt.date.min, dt.date.max).items())
        if which.source == source
        for row in duckdb.read_parquet(str(path)).fetchall()
    ]


def test_the_roster_runs_from_registration_to_withdrawal(folder: Path) -> None:
    delivery = read_oulad(folder, START)
    roster = delivery.roster
    assert delivery.rejected == ()
    assert [school.code for school in roster.schools] == ["OULAD"]
    assert [(module.code, module.school) for module in roster.modules] == [("AAA-2013J", "OULAD")]
    assert roster.students[0] == StudentEntry(
        number="11",
        given_name="Student",
        family_name="11",
        level=Level.UNDERGRADUATE,
        programme="AAA-2013J",
        home_school="OULAD",
        university_email="11@students.oulad.example",
    )
    assert [student.number for student in roster.students] == ["11", "12", "13"]
    assert roster.enrolments == (
        EnrolmentEntry("11", "AAA-2013J", START, dt.date(2025, 11, 5)),
        EnrolmentEntry("12", "AAA-2013J", dt.date(2025, 10, 9), dt.date(2025, 10, 21)),
    )


def test_clicks_add_up_by_day(folder: Path, lake: Lake) -> None:
    clicks, _ = load_oulad(lake, folder, START, STUDENTS)
    assert (clicks.source, clicks.accepted, clicks.rejected) == (VLE, 4, ())
    assert rows_of(lake, VLE) == [
        ("2025-10-03", 1, "AAA-2013J", "vle", None, 0, 9),
        ("2025-10-06", 2, "AAA-2013J", "vle", None, 0, 2),
    ]
    assert [str(day) for day in clicks.days] == [
        "2025-10-03", "2025-10-04", "2025-10-05", "2025-10-06",
    ]  # fmt: skip


def test_work_is_expected_of_those_enrolled_on_the_due_day(folder: Path, lake: Lake) -> None:
    _, handed_in = load_oulad(lake, folder, START, STUDENTS)
    assert (handed_in.source, handed_in.accepted, handed_in.rejected) == (ASSESSMENTS, 2, ())
    assert rows_of(lake, ASSESSMENTS) == [
        ("2025-10-02", 1, "AAA-2013J", "submissions", "CMA 902", 0, 1),
        ("2025-10-14", 1, "AAA-2013J", "submissions", "TMA 901", 0, 1),
        ("2025-10-16", 1, "AAA-2013J", "submissions", "TMA 901", 1, 0),
        ("2025-10-16", 2, "AAA-2013J", "submissions", "TMA 901", 1, 0),
        ("2025-10-26", 1, "AAA-2013J", "submissions", "CMA 902", 1, 0),
    ]


def test_loading_it_again_changes_no_byte(folder: Path, lake: Lake, tmp_path: Path) -> None:
    load_oulad(lake, folder, START, STUDENTS)
    first = files_under(tmp_path)
    load_oulad(lake, folder, START, STUDENTS)
    assert files_under(tmp_path) == first


def test_packed_files_are_read_too(folder: Path, lake: Lake) -> None:
    for name in FILES:
        with gzip.open(folder / f"{name}.gz", "wb") as packed:
            packed.write((folder / name).read_bytes())
        (folder / name).unlink()
    assert len(read_oulad(folder, START).roster.enrolments) == 2
    assert [report.accepted for report in load_oulad(lake, folder, START, STUDENTS)] == [4, 2]


def test_bad_rows_are_reported_and_the_good_ones_go_in(folder: Path, lake: Lake) -> None:
    add(folder, "studentVle.csv", "AAA,2013J,99,5,1,1\nBBB,2013B,11,5,1,1\nAAA,2013J,11,5,soon,1\n")
    add(folder, "studentVle.csv", "AAA,2013J,11,5,1,0\nAAA,2013J,11\n")
    add(folder, "studentAssessment.csv", "999,11,8,0,70\n901,99,8,0,70\n901,12,,0,70\n")
    add(folder, "assessments.csv", "BBB,2013B,905,TMA,10,50\nAAA,2013J,906,TMA,soon,50\n")
    clicks, handed_in = load_oulad(lake, folder, START, STUDENTS)
    assert (clicks.accepted, clicks.rejected_total) == (4, 5)
    assert clicks.rejected == tuple(
        RejectedRow("studentVle.csv", line, reason)
        for line, reason in [
            (6, "the student is not on the roster"),
            (7, "the presentation is not in courses.csv"),
            (8, "date is not a number of days"),
            (9, "sum_click is not a whole number from 1 to 1,000,000"),
            (10, "3 columns where the header has 6"),
        ]
    )
    assert (handed_in.accepted, handed_in.rejected_total) == (2, 5)
    assert [(row.file, row.line) for row in handed_in.rejected] == [
        ("assessments.csv", 6),
        ("assessments.csv", 7),
        ("studentAssessment.csv", 5),
        ("studentAssessment.csv", 6),
        ("studentAssessment.csv", 7),
    ]


def test_bad_registrations_are_reported(folder: Path) -> None:
    add(
        folder,
        "studentRegistration.csv",
        "BBB,2013B,11,1,\nAAA,2013J,x,1,\nAAA,2013J,14,soon,\nAAA,2013J,14,1,99999\n",
    )
    delivery = read_oulad(folder, START)
    assert len(delivery.roster.enrolments) == 2
    assert [(row.line, row.reason) for row in delivery.rejected] == [
        (5, "the presentation is not in courses.csv"),
        (6, "id_student is not a number"),
        (7, "a date is not a number of days"),
        (8, "a date is not a number of days"),
    ]


def test_a_missing_file_is_named(folder: Path, lake: Lake) -> None:
    (folder / "studentRegistration.csv").unlink()
    with pytest.raises(FeedError, match=r"no studentRegistration\.csv, or"):
        read_oulad(folder, START)
    with pytest.raises(FeedError, match=r"no studentRegistration\.csv, or"):
        load_oulad(lake, folder, START, STUDENTS)


def test_progress_is_told(folder: Path, lake: Lake) -> None:
    told: list[tuple[int, int]] = []
    load_oulad(lake, folder, START, STUDENTS, lambda done, total: told.append((done, total)))
    assert told[:4] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[-1] == (25, 25)
