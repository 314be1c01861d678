"""Rosters as systems really export them: names, columns, statuses and references."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from integrations.feeds.roster.csv_folder import read_roster
from integrations.feeds.roster.delivery import Known, RosterDelivery
from integrations.feeds.roster.renumbered import KnownAddress
from integrations.feeds.text_files import FeedError
from store.rules.schools import EnrolmentEntry, IdentifierEntry, IdentifierKind

STUDENT = "number,given_name,family_name,level,programme,home_school"
KNOWN = Known(
    schools={"LANG"},
    modules={"FRE1"},
    numbers={"0100", "0200"},
    staff={"Ada@Example.edu"},
    mailboxes={"zoe@example.edu": KnownAddress("0100", "zoe invented")},
)
SEPTEMBER, NOVEMBER = dt.date(2025, 9, 22), dt.date(2025, 11, 10)


def read(folder: Path, known: Known = KNOWN, **files: str) -> RosterDelivery:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return read_roster(folder, known)


def student(**columns: str) -> str:
    values = {
        "number": "0300",
        "given_name": "Ann",
        "family_name": "Invented",
        "level": "mres",
        "programme": "French",
        "home_school": "LANG",
    } | columns
    return ",".join(values) + "\n" + ",".join(values.values()) + "\n"


def times(*rows: str) -> str:
    return "number,module,starts,ends,status\n" + "".join(f"0100,FRE1,{row}\n" for row in rows)


def test_files_of_other_names_are_read_or_named(tmp_path: Path) -> None:
    (tmp_path / "Students.CSV").write_text(student())
    (tmp_path / "enrollments.csv").write_text("number,module,starts\n0300,FRE1,2025-09-22\n")
    (tmp_path / "staff.xlsx").write_bytes(b"PK")
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / "old").mkdir()
    delivery = read_roster(tmp_path, KNOWN)
    assert (len(delivery.roster.students), len(delivery.roster.enrolments)) == (1, 1)
    assert [note.partition(": ")[::2] for note in delivery.notes] == [
        ("Students.CSV", "read as students.csv."),
        ("enrollments.csv", "read as enrolments.csv."),
        ("old", f"not read. The roster files are {FILES}."),
        ("staff.xlsx", f"not read. The roster files are {FILES}."),
    ]


FILES = "schools.csv, staff.csv, modules.csv, students.csv, enrolments.csv, identifiers.csv"


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    delivery = read(tmp_path, students=student(**{"Date of birth": "", "E-Mail": "a@example.edu"}))
    (note,) = delivery.notes
    assert note.startswith("students.csv: not used: Date of birth, E-Mail. Rename a column if")


def test_addresses_compare_without_case_and_strangers_are_reported(tmp_path: Path) -> None:
    assert read(tmp_path, students=student(adviser="ada@example.edu")).notes == ()
    (note,) = read(tmp_path, students=student(adviser="bob@example.edu")).notes
    assert note == (
        "students.csv: the adviser is not on the staff list (line 2). Add the person to staff.csv "
        "or correct the address."
    )


def test_an_organiser_who_is_a_stranger_is_reported(tmp_path: Path) -> None:
    module = "code,title,school,organiser\nFRE2,French 2,LANG,bob@example.edu\n"
    (note,) = read(tmp_path, modules=module).notes
    assert note.startswith("modules.csv: the organiser is not on the staff list (line 2)")


@pytest.mark.parametrize(
    ("rows", "starts", "ends"),
    [
        (("2025-11-10,,", "2025-09-22,2025-10-05,"), NOVEMBER, None),
        (("2025-09-22,2025-10-05,", "2025-11-10,,"), NOVEMBER, None),
        (("2025-09-22,,", "2025-11-10,2025-12-01,"), SEPTEMBER, None),
        (("2025-09-22,2025-11-09,", "2025-11-10,,"), SEPTEMBER, None),
        (("2025-11-10,2025-12-01,", "2025-09-22,2025-10-05,"), NOVEMBER, dt.date(2025, 12, 1)),
        (("2025-09-22,2025-09-01,",), SEPTEMBER, dt.date(2025, 9, 1)),
        (("2025-09-22 00:00:00,,Enrolled",), SEPTEMBER, None),
    ],
)
def test_the_open_time_on_a_module_counts_in_any_order(
    tmp_path: Path, rows: tuple[str, ...], starts: dt.date, ends: dt.date | None
) -> None:
    delivery = read(tmp_path, enrolments=times(*rows))
    assert delivery.rejected == ()
    assert delivery.roster.enrolments == (EnrolmentEntry("0100", "FRE1", starts, ends),)


@pytest.mark.parametrize("status", ["Withdrawn", "tobedeleted", "INACTIVE", "did_not_start"])
def test_a_status_that_says_it_is_over(tmp_path: Path, status: str) -> None:
    (entry,) = read(tmp_path, enrolments=times(f"2025-09-22,,{status}")).roster.enrolments
    assert entry.is_over
    (person,) = read(tmp_path, students=student(status=status)).roster.students
    assert person.has_left


def test_one_who_has_died_by_whichever_file_says_it(tmp_path: Path) -> None:
    """Their enrolments stay open, since the report may be a mistake."""
    rows = times("2025-09-01,2025-09-10,Deceased", "2025-09-22,,active")
    for roster in (
        read(tmp_path, enrolments=rows).roster,
        read(tmp_path, enrolments=times("2025-09-22,,died")).roster,
        read(tmp_path, students=student(status="DECEASED")).roster,
    ):
        assert roster.have_died
        assert not any(each.is_over for each in roster.enrolments)
        assert not any(each.has_left for each in roster.students)
        assert not roster.live


def test_a_day_on_which_a_student_left(tmp_path: Path) -> None:
    (person,) = read(tmp_path, students=student(left_on="2025-10-01")).roster.students
    assert (person.has_left, person.left_on) == (True, dt.date(2025, 10, 1))


def test_numbers_are_repaired_and_the_report_says_where(tmp_path: Path) -> None:
    rows = "number,module,starts\n100,FRE1,2025-09-22\n" + '"=""0200""",FRE1,2025-09-22\n'
    delivery = read(tmp_path, enrolments=rows)
    assert [each.number for each in delivery.roster.enrolments] == ["0100", "0200"]
    (note,) = delivery.notes
    assert note.endswith("corrected here (line 2, 3).")


def test_the_same_name_and_address_under_a_new_number_is_the_same_person(tmp_path: Path) -> None:
    row = student(given_name="ZOE", university_email="Zoe@example.edu")
    delivery = read(tmp_path, students=row)
    assert delivery.roster.renumbered == (("0100", "0300"),)
    assert [each.number for each in delivery.roster.students] == ["0300"]


def test_the_same_address_under_another_name_is_a_question(tmp_path: Path) -> None:
    delivery = read(
        tmp_path,
        students=student(university_email="zoe@example.edu"),
        enrolments="number,module,starts\n0300,FRE1,2025-09-22\n",
    )
    assert (delivery.roster.students, delivery.roster.renumbered) == ((), ())
    assert delivery.roster.questions == (("0100", "0300"),)
    assert [row.file for row in delivery.rejected] == ["students.csv", "enrolments.csv"]
    assert "identifiers.csv" in delivery.rejected[0].reason


@pytest.mark.parametrize("pair", ["0300,student-number,0100", "0100,SIS-Number,0300"])
def test_a_map_settles_the_question(tmp_path: Path, pair: str) -> None:
    delivery = read(
        tmp_path,
        students=student(university_email="zoe@example.edu"),
        identifiers=f"number,kind,value\n{pair}\n",
    )
    assert delivery.roster.renumbered == (("0100", "0300"),)
    assert delivery.roster.questions == ()


def test_an_old_number_is_read_as_the_new_one(tmp_path: Path) -> None:
    known = Known({"LANG"}, {"FRE1"}, {"0300"}, former={"0100": "0300"})
    delivery = read(
        tmp_path, known, students=student(number="0100"), enrolments=times("2025-09-22,,")
    )
    assert [each.number for each in delivery.roster.students] == ["0300"]
    assert [each.number for each in delivery.roster.enrolments] == ["0300"]


def test_identifiers_with_their_days(tmp_path: Path) -> None:
    rows = 'number,kind,value,from,to\n0100,username,zoe01,2025-09-01,\n0100,vle-id,="7",,\n'
    assert read(tmp_path, identifiers=rows).roster.identifiers == (
        IdentifierEntry("0100", IdentifierKind.USERNAME, "zoe01", dt.date(2025, 9, 1)),
        IdentifierEntry("0100", IdentifierKind.VLE_ID, "7"),
    )


def test_a_complete_roster_may_have_no_row_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text(student() + "0200,,,mres,French,LANG\n")
    with pytest.raises(FeedError, match="line 3: given_name and family_name are both empty"):
        read_roster(tmp_path, KNOWN, complete=True)
    (tmp_path / "students.csv").write_text(student() * 1)
    assert read_roster(tmp_path, KNOWN, complete=True).roster.complete == {"students"}
