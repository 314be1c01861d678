"""The delivery ledger: rows that count, students left unknown by refused rows, stored rows."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from integrations.activity.day_notes import read_note
from integrations.feeds.events_csv import load_events
from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger.kept_rows import open_kept_rows
from integrations.feeds.ledger.privacy import KEEP_ROWS, forget_before, forget_rows, forget_student
from integrations.feeds.loading import Terms
from integrations.feeds.own_range import own_range
from tests.integrations.ledger_place import (
    ARRIVED,
    OCTOBER,
    SCHOOLS,
    SEAL,
    STUDENTS,
    Place,
    place,
    saw,
)
from tests.integrations.small_lake import files_under

__all__ = ["place"]


def test_one_row_far_off_makes_nothing_fresh_and_blanks_nothing(place: Place) -> None:
    days = [saw(number, day) for number in STUDENTS for day in range(1, 15)]
    report = place.deliver(*days, "0100,FRE1,vle,done,2025-12-06,,")
    assert place.known() == list(range(1, 15))
    assert place.lake.newest_days(dt.date(2026, 1, 1)) == {"moodle": OCTOBER[13]}
    assert "Saturday 6 December" in report.notes[0]


def test_what_was_done_in_the_future_is_refused_and_what_is_expected_is_kept(
    place: Place,
) -> None:
    today = dt.date(2025, 10, 14)
    report = place.deliver(
        saw("0100", 13),
        saw("0100", 15),
        saw("0200", 16),
        "0100,FRE1,attendance,expected,2025-10-20,Seminar,",
        today=today,
    )
    assert [(row.line, row.reason[:23]) for row in report.rejected] == [
        (4, "at is in the future, an")
    ]
    assert [row[0] for row in place.rows()] == ["2025-10-13", "2025-10-15", "2025-10-20"]
    assert place.known() == [13]
    assert "Rows of 2 days in the future" in report.notes[0]


@pytest.mark.parametrize(
    ("days", "covered"),
    [
        ({1: 9, 2: 9, 3: 9}, [(1, 3)]),
        ({1: 9, 4: 9}, [(1, 4)]),
        ({1: 1, 31: 1}, [(1, 1), (31, 31)]),
        ({1: 9, 2: 9, 3: 9, 20: 1}, [(1, 3)]),
        ({1: 9, 2: 9, 3: 9, 20: 9, 21: 9}, [(1, 3), (20, 21)]),
        ({1: 1, 12: 9, 13: 9, 14: 9}, [(12, 14)]),
        ({}, []),
    ],
)
def test_a_files_own_range(days: dict[int, int], covered: list[tuple[int, int]]) -> None:
    found = own_range({OCTOBER[day - 1]: rows for day, rows in days.items()})
    assert [(first.day, last.day) for first, last in found.covered] == covered


def test_a_refused_row_leaves_its_student_unknown(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0200", 7), "2E+02,FRE1,vle,done,2025-10-06,,")
    notes = {which.day.day: note for which, note in place.lake.notes(*OCTOBER[::30]).items()}
    assert notes[6].students == {2}, "it has lost its digits"
    assert 7 not in notes
    place.deliver("0300,FRE1,watching,done,2025-10-09,,", saw("0100", 9))
    assert read_note(place.lake.path("moodle", OCTOBER[8])).students == {3}


def test_a_rounded_number_leaves_all_unknown_whom_it_may_be(place: Place) -> None:
    place.deliver(saw("0100", 6), "1E+02,FRE1,vle,done,2025-10-06,,")
    assert read_note(place.lake.path("moodle", OCTOBER[5])).students == {1}


def test_an_unknown_person_is_a_share_of_the_schools_rows(place: Place) -> None:
    place.deliver(
        saw("0100", 6), saw("0200", 6), saw("0300", 6), saw("9999", 6), saw("0100", 6, "BIO1")
    )
    assert read_note(place.lake.path("moodle", OCTOBER[5])).strangers == {"LANG": 0.25}


def test_only_declared_columns_are_kept_and_they_are_sealed(place: Place) -> None:
    path = place.folder / "wide.csv"
    path.write_text(
        "student_number,password,module,family,kind,at,ethnicity\n"
        "0100,hunter2,FRE1,vle,done,2025-10-06,invented\n",
        encoding="utf-8",
    )
    load_events(place.lake, path, "moodle", STUDENTS.items(), SCHOOLS, terms=Terms(seal=SEAL))
    (entry,) = place.ledger.entries()
    sealed = place.ledger.folder(entry) / "rows.sealed"
    with place.lake.workspace() as work, open_kept_rows(work, SEAL, sealed) as plain:
        kept = duckdb.read_parquet(str(plain))
        assert "password" not in kept.columns
        assert "ethnicity" not in kept.columns
        assert "0100" in kept.fetchall()[0]
    everything = b"".join(files_under(place.folder / "lake").values())
    assert b"hunter2" not in everything
    assert b"0100" not in everything


def test_an_erased_student_is_in_no_delivery(place: Place) -> None:
    place.deliver(saw("0100", 6), saw("0200", 6), "100,FRE1,vle,done,2025-10-06,,", seal=SEAL)
    assert forget_student(place.ledger, SEAL, 1) == 1
    place.lake.remove_student(1)
    (entry,) = place.ledger.entries()
    assert entry.erasures == 1
    sealed = place.ledger.folder(entry) / "rows.sealed"
    with place.lake.workspace() as work, open_kept_rows(work, SEAL, sealed) as plain:
        numbers = duckdb.read_parquet(str(plain)).select("student_number").fetchall()
    assert numbers == [("0200",)]
    assert place.lake.notes(OCTOBER[0], OCTOBER[-1]) == {}
    ledger_changes.withdraw(place.ledger, 1)
    place.deliver(saw("0200", 6))
    assert [row[1] for row in place.rows()] == [2]
    assert forget_student(place.ledger, SEAL, 1) == 0


def test_kept_rows_go_after_their_time_and_the_facts_stay(place: Place) -> None:
    place.deliver(saw("0100", 6), seal=SEAL)
    assert forget_rows(place.ledger, ARRIVED + KEEP_ROWS) == 0
    assert forget_rows(place.ledger, ARRIVED + KEEP_ROWS + dt.timedelta(days=1)) == 1
    (entry,) = place.ledger.entries()
    assert not entry.rows_kept
    assert not (place.ledger.folder(entry) / "rows.sealed").exists()
    place.deliver(saw("0200", 6, "BIO1"))
    assert len(place.rows()) == 2


def test_what_may_be_kept_a_few_days_does_not_come_back(place: Place) -> None:
    place.deliver(*(saw("0100", day) for day in range(1, 11)))
    forget_before(place.ledger, "moodle", OCTOBER[7])
    place.lake.remove_before(OCTOBER[7], "moodle")
    place.deliver(*(saw("0200", day, "BIO1") for day in range(1, 11)))
    assert {row[0] for row in place.rows() if row[1] == 1} == {
        "2025-10-08",
        "2025-10-09",
        "2025-10-10",
    }
