"""The roster feed: five files, any of them alone, and every kind of faulty row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from integrations.feeds.roster.csv_folder import read_roster
from integrations.feeds.roster.delivery import Known, RosterDelivery
from integrations.feeds.text_files import FeedError
from store.rules.model import Level, Role
from store.rules.schools import EnrolmentEntry, ModuleEntry, SchoolEntry, StaffEntry, StudentEntry

WHOLE = {
    "schools.csv": "code,name,faculty\nLANG,Languages,Arts\nHIST,History,\n",
    "staff.csv": "email,name,roles,trained_on,sandbox_user\n"
    "alice@example.edu,Alice Adviser,LANG:adviser; HIST:engagement-lead,2025-09-01,U1\n"
    "bob@example.edu,Bob Colleague,,,\n",
    "modules.csv": "code,title,school,organiser\nFRE1,French 1,LANG,alice@example.edu\n",
    "students.csv": "number,given_name,family_name,level,programme,home_school,"
    "contributing_schools,university_email,personal_email,adviser\n"
    "0100,Zoë,Invented,undergraduate,French and History,LANG,HIST;,zoe@example.edu,,"
    "alice@example.edu\n",
    "enrolments.csv": "number,module,starts,ends\n0100,FRE1,2025-09-22,2026-01-30\n",
}
STUDENT = "number,given_name,family_name,level,programme,home_school\n"
KNOWN = Known(schools={"LANG", "HIST"}, modules={"FRE1"}, numbers={"0100"})


def read(folder: Path, files: dict[str, str | bytes], known: Known | None = None) -> RosterDelivery:
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_roster(folder, known)


def test_everything_that_a_delivery_can_say(tmp_path: Path) -> None:
    delivery = read(tmp_path, {**WHOLE})
    assert delivery.rejected == ()
    roster = delivery.roster
    assert roster.schools == (
        SchoolEntry("LANG", "Languages", "Arts"),
        SchoolEntry("HIST", "History"),
    )
    assert roster.staff == (
        StaffEntry(
            "alice@example.edu",
            "Alice Adviser",
            (("LANG", Role.ADVISER), ("HIST", Role.ENGAGEMENT_LEAD)),
            dt.date(2025, 9, 1),
            "U1",
        ),
        StaffEntry("bob@example.edu", "Bob Colleague", ()),
    )
    assert roster.modules == (ModuleEntry("FRE1", "French 1", "LANG", "alice@example.edu"),)
    assert roster.students == (
        StudentEntry(
            "0100",
            "Zoë",
            "Invented",
            Level.UNDERGRADUATE,
            "French and History",
            "LANG",
            ("HIST",),
            "zoe@example.edu",
            "",
            "alice@example.edu",
        ),
    )
    assert roster.enrolments == (
        EnrolmentEntry("0100", "FRE1", dt.date(2025, 9, 22), dt.date(2026, 1, 30)),
    )


def test_a_part_of_a_roster_may_refer_to_what_is_known(tmp_path: Path) -> None:
    enrolments = {"enrolments.csv": "number,module,starts\n0100,FRE1,2025-09-22\n"}
    assert read(tmp_path, {**enrolments}, KNOWN).roster.enrolments == (
        EnrolmentEntry("0100", "FRE1", dt.date(2025, 9, 22)),
    )
    refused = read_roster(tmp_path)
    assert refused.roster.enrolments == ()
    assert [row.reason for row in refused.rejected] == ["number is not on the roster"]


@pytest.mark.parametrize(
    ("name", "header", "row", "reason"),
    [
        ("schools.csv", "code,name", ",Languages", "code is empty"),
        (
            "schools.csv",
            "code,name",
            "A B,Languages",
            "code has to be at most 40 characters, without",
        ),
        ("schools.csv", "code,name", "GER,", "name is empty"),
        ("schools.csv", "code,name", "GER,Ger\x1bman", "name holds control characters"),
        ("schools.csv", "code,name", f"GER,{'x' * 201}", "name is longer than 200 characters"),
        ("schools.csv", "code,name", "GER", "1 column where the header has 2"),
        ("staff.csv", "email,name,roles", "alice,Alice,", "email is not an e-mail address"),
        ("staff.csv", "email,name,roles", ",Alice,", "email is empty"),
        (
            "staff.csv",
            "email,name,roles",
            "a@example.edu,Alice,LANG",
            "roles are written SCHOOL:role",
        ),
        (
            "staff.csv",
            "email,name,roles",
            "a@example.edu,Alice,LANG:boss",
            "roles: allowed are student-support-officer, adviser, module-organiser",
        ),
        (
            "staff.csv",
            "email,name,roles",
            "a@example.edu,Alice,GER:adviser",
            "roles: there is no school of that code; known are HIST, LANG",
        ),
        (
            "staff.csv",
            "email,name,roles",
            "a@example.edu,Alice,HUM:faculty-lead",
            "A faculty lead is written with each school of the faculty, as in HIST:faculty-lead;"
            "LANG:faculty-lead",
        ),
        (
            "staff.csv",
            "email,name,roles,trained_on",
            "a@example.edu,Alice,,last week",
            "trained_on is not an ISO date such as 2025-10-06",
        ),
        ("modules.csv", "code,title,school", "GER1,German 1,GER", "school: there is no school"),
        ("students.csv", STUDENT.strip(), "1,,,undergraduate,French,LANG", "are both empty"),
        (
            "students.csv",
            STUDENT.strip(),
            "1,Zoe,Invented,UG,French,LANG",
            "level: allowed are foundation, undergraduate, postgraduate-taught, mres",
        ),
        (
            "students.csv",
            STUDENT.strip(),
            "1,Zoe,Invented,mres,French,GER",
            "home_school: there is no school",
        ),
        (
            "enrolments.csv",
            "number,module,starts",
            "0100,GER1,2025-09-22",
            "module is not on the roster",
        ),
        (
            "enrolments.csv",
            "number,module,starts",
            "0100,FRE1,22/09/2025",
            "starts is not an ISO date",
        ),
        (
            "enrolments.csv",
            "number,module,starts,status",
            "0100,FRE1,2025-09-22,perhaps",
            "status is not understood; known are active, withdrawn, left",
        ),
        (
            "students.csv",
            STUDENT.strip(),
            "1.23E+08,Zoe,Invented,mres,French,LANG",
            "number has lost digits",
        ),
        ("identifiers.csv", "number,kind,value", "0100,badge,7", "kind: allowed are student-numb"),
        ("identifiers.csv", "number,kind,value", "7,username,ann", "number is not on the roster"),
    ],
)
def test_a_bad_row_is_left_out_and_says_why(
    tmp_path: Path, name: str, header: str, row: str, reason: str
) -> None:
    delivery = read(tmp_path, {name: f"{header}\n\n{row}\n"}, KNOWN)
    (rejected,) = delivery.rejected
    assert (rejected.file, rejected.line) == (name, 3)
    assert reason in rejected.reason
    assert delivery.rejected_total == 1


def test_a_row_that_comes_twice_counts_once(tmp_path: Path) -> None:
    row = "7,Ann,Invented,mres,French,LANG\n"
    delivery = read(tmp_path, {"students.csv": STUDENT + row + row}, KNOWN)
    assert len(delivery.roster.students) == 1
    assert [(r.line, r.reason) for r in delivery.rejected] == [(3, "is in the file twice")]


def test_blank_rows_and_a_second_header_are_no_rows_and_codes_may_be_in_capitals(
    tmp_path: Path,
) -> None:
    rows = STUDENT + "7,Ann,Invented,mres,French,lang\n" + STUDENT + ",,,,,\n,,,,,\n"
    enrolled = "number,module,starts\n0100,fre1,2025-09-22\n"
    delivery = read(tmp_path, {"students.csv": rows, "enrolments.csv": enrolled}, KNOWN)
    assert delivery.rejected == ()
    assert delivery.roster.students[0].home_school == "LANG"
    assert delivery.roster.enrolments[0].module == "FRE1"


def test_what_hangs_on_a_bad_row_is_left_out_with_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        **WHOLE,
        "students.csv": STUDENT + "0100,Zoë,Invented,unknown,French,LANG\n",
    }
    delivery = read(tmp_path, files)
    assert delivery.roster.enrolments == ()
    assert [row.file for row in delivery.rejected] == ["students.csv", "enrolments.csv"]


def test_names_from_older_systems(tmp_path: Path) -> None:
    students = (STUDENT + "7,Zoë,Müller,mres,French,LANG\n").replace("\n", "\r")
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        delivery = read(tmp_path, {"students.csv": students.encode(encoding)}, KNOWN)
        assert [s.given_name for s in delivery.roster.students] == ["Zoë"]
        assert bool(delivery.notes) == (encoding == "cp1252")


def test_reasons_quote_nothing_of_the_row(tmp_path: Path) -> None:
    secret = "Imogen"
    columns = len(STUDENT.split(","))
    rows = [",".join(secret if at == bad else "x" for at in range(columns)) for bad in range(9)]
    delivery = read(tmp_path, {"students.csv": STUDENT + "\n".join(rows)}, KNOWN)
    assert delivery.rejected_total == 9
    assert secret not in str(delivery)


def test_a_folder_without_a_roster_and_a_file_without_its_columns(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"Expected any of schools\.csv, staff\.csv"):
        read_roster(tmp_path)
    with pytest.raises(FeedError, match=r"students\.csv: no column level, programme"):
        read(tmp_path, {"students.csv": "number,given_name,family_name\n"})
