"""Student numbers as spreadsheets change them: repaired where they fit one known person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from integrations.activity.lake import Lake
from integrations.feeds.events_csv import load_events
from integrations.feeds.loading import LoadReport
from integrations.feeds.people import Identifier, People
from integrations.feeds.student_numbers import ENOUGH, KnownNumbers, UnusableNumber
from tests.integrations.event_feed import HEADER, reasons

FIVE = KnownNumbers(["00044", "00045", "12345"])
ZERO_WIDTH, MARK, NO_BREAK, WIDE = "\u200b", "\ufeff", "\u00a0", "\uff11\uff12\uff13\uff14\uff15"


@pytest.mark.parametrize(
    ("spelling", "number"),
    [
        ("00044", "00044"),
        ('="00044"', "00044"),
        ("'00044", "00044"),
        (f"00{ZERO_WIDTH}044", "00044"),
        (f"{MARK}00044", "00044"),
        (f"{NO_BREAK}00044 ", "00044"),
        (WIDE, "12345"),
        ("44", "00044"),
        ("44.0", "00044"),
        ("12345.0", "12345"),
        ("12345,00", "12345"),
        ("12,345", "12345"),
        ("12 345", "12345"),
    ],
)
def test_a_spelling_is_repaired_where_one_known_person_fits(spelling: str, number: str) -> None:
    found = FIVE.find(spelling)
    assert found
    assert found.number == number
    assert bool(found.how) == (spelling != number)


@pytest.mark.parametrize(
    "spelling",
    ["0000044", "46", "1.2E+04", "1,2E+04", "1234", "12345.5", "", "x", "04400", "#REF!"],
)
def test_what_fits_no_one_is_left_alone(spelling: str) -> None:
    assert FIVE.find(spelling) is None


def test_lost_zeros_are_told_only_where_numbers_have_one_length() -> None:
    mixed = KnownNumbers(["0044", "100", "20000"])
    assert (mixed.shape, mixed.find("44")) == ("", None)
    assert KnownNumbers(["0044", "1000"]).find("44") is not None


def test_letters_match_in_any_case_where_one_fits() -> None:
    known = KnownNumbers(["S100", "s200", "S200"])
    assert known.find("s100")
    assert not known.find("x200")
    both = known.find("s200")
    assert both
    assert both.number == "s200"


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ("1.23E+08", "has lost digits"),
        ("1,23e+08", "has lost digits"),
        ("#N/A", "an error of a spreadsheet"),
        ("nan", "an error of a spreadsheet"),
        ("NULL", "an error of a spreadsheet"),
        ("99999.0", "is not written like those that are known"),
    ],
)
def test_a_new_number_that_cannot_be_one_is_refused(spelling: str, said: str) -> None:
    with pytest.raises(UnusableNumber, match=said):
        FIVE.check_new(spelling)


def test_a_new_number_is_checked_against_the_pattern() -> None:
    own = KnownNumbers(["12345"], pattern="[0-9]{5}")
    assert own.check_new("54321") == "54321"
    with pytest.raises(UnusableNumber, match="STUDENT_NUMBER_PATTERN"):
        own.check_new("X1")
    many = KnownNumbers(f"{at:05}" for at in range(ENOUGH))
    with pytest.raises(UnusableNumber, match="5 digits"):
        many.check_new("777")
    assert many.check_new("123456") == "123456"
    assert FIVE.check_new("777") == "777"


def load(folder: Path, rows: str, *identifiers: Identifier) -> LoadReport:
    path = folder / "events.csv"
    path.write_text(HEADER + rows)
    students = [("00044", 1), ("00045", 2)]
    return load_events(Lake(folder), path, "moodle", People(students, identifiers), ["FRE1"])


def test_repairs_are_in_the_report_by_line(tmp_path: Path) -> None:
    row = "{},FRE1,vle,done,2025-10-06,,\n"
    report = load(tmp_path, "".join(map(row.format, ["00044", "44", "45", "44", "00045.0", "99"])))
    assert (report.accepted, reasons(report)) == (
        5,
        [(7, "the student_number is not on the roster")],
    )
    assert report.notes == (
        "3 rows were counted for a known student whose number has another form: leading "
        "zeros were lost (line 3, 4, 5).",
        "1 row was counted for a known student whose number has another form: it was written "
        "as a decimal (line 6).",
    )


def test_an_identifier_counts_in_its_days_and_without_case(tmp_path: Path) -> None:
    june = dt.date(2025, 6, 30)
    row = "{},FRE1,vle,done,{},,\n"
    rows = [
        ("Ann01@Uni.example", "2025-10-06"),
        ("ann01", "2025-06-01"),
        ("ann01", "2025-07-01"),
        ("ANN01", "2025-10-06"),
        ("both", "2025-10-06"),
    ]
    report = load(
        tmp_path,
        "".join(row.format(*each) for each in rows),
        Identifier("ann01@uni.example", 1),
        Identifier("ann01", 1, None, june),
        Identifier("ann01", 2, dt.date(2025, 9, 1), None),
        Identifier("both", 1),
        Identifier("both", 2),
    )
    assert report.accepted == 3
    assert [line for line, _ in reasons(report)] == [4, 6]
