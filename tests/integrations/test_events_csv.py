"""The event feed: valid rows are loaded, others are reported, and no row is loaded twice."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from integrations.activity.lake_folders import SourceDay
from integrations.feeds.events_csv import load_events
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.loading import Terms
from integrations.feeds.text_files import FeedError
from tests.integrations.event_feed import GOOD, HEADER, MODULES, OCTOBER_6, STUDENTS, Feed, reasons
from tests.integrations.small_lake import files_under, unfinished


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path)


def test_events_become_one_row_per_student_module_family_item_and_day(feed: Feed) -> None:
    report = feed.load(
        HEADER
        + "100,FRE1,vle,done,2025-10-06,,3\n"
        + "100,FRE1,vle,done,2025-10-06T10:00,,\n"
        + "100,HIS1,attendance,expected,2025-10-06,Seminar,\n"
        + "100,HIS1,attendance,done,2025-10-06T09:03:00Z,Seminar,\n"
        + "200,FRE1,submissions,expected,2025-10-07,Essay 1,\n"
    )
    assert (report.accepted, report.rejected_total) == (5, 0)
    assert feed.rows() == [
        ("2025-10-06", 1, "FRE1", "vle", None, 0, 4),
        ("2025-10-06", 1, "HIS1", "attendance", "Seminar", 1, 1),
        ("2025-10-07", 2, "FRE1", "submissions", "Essay 1", 1, 0),
    ]


def test_loading_the_same_file_twice_changes_no_byte(feed: Feed) -> None:
    feed.load(HEADER + GOOD * 3)
    first = files_under(feed.folder)
    feed.load(HEADER + GOOD * 3)
    assert files_under(feed.folder) == first


def test_a_row_that_names_an_item_counts_once_however_often_it_comes(feed: Feed) -> None:
    session = "100,FRE1,attendance,{},2025-10-06,Week 1,\n"
    feed.load(HEADER + session.format("expected") * 2 + session.format("done") * 3)
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "attendance", "Week 1", 1, 1)]


def test_a_correction_replaces_its_days_and_no_others(feed: Feed) -> None:
    feed.load(HEADER + GOOD + GOOD.replace("-06", "-07"))
    feed.load(HEADER + GOOD.replace("100", "200"))
    assert [(row[0], row[1]) for row in feed.rows()] == [("2025-10-06", 2), ("2025-10-07", 1)]


def test_days_without_events_inside_a_delivery_are_delivered(feed: Feed) -> None:
    feed.load(HEADER + GOOD + GOOD.replace("-06", "-09"))
    assert feed.days() == ["2025-10-06", "2025-10-07", "2025-10-08", "2025-10-09"]


def test_a_file_that_is_complete_empties_the_other_days_it_covers(feed: Feed) -> None:
    feed.load(HEADER + GOOD)
    covers = (OCTOBER_6, OCTOBER_6 + dt.timedelta(days=1))
    report = feed.load(HEADER, covers=covers)
    assert report.days == (OCTOBER_6, dt.date(2025, 10, 7))
    assert len(feed.rows()) == 1, "a file without a row speaks for no module"
    report = feed.load(HEADER, covers=covers, terms=Terms(complete=True))
    assert (report.days, feed.rows()) == ((OCTOBER_6, dt.date(2025, 10, 7)), [])
    outside = feed.load(HEADER + GOOD + GOOD.replace("-06", "-08"), covers=(OCTOBER_6, OCTOBER_6))
    assert reasons(outside) == [(3, "at is outside the days that this file covers")]


def test_what_is_invisible_around_a_value_does_not_matter(feed: Feed) -> None:
    report = feed.load(HEADER + "100,\u200bFRE1,vle\u00a0,done,\ufeff2025-10-06\u00a0,,\n" + GOOD)
    assert (report.accepted, report.rejected_total) == (2, 0)
    assert "1 row with invisible characters" in report.notes[0]


@pytest.mark.parametrize("written", ["5/10/2025", "45936"])
def test_dates_in_another_form_are_answered_with_how_to_declare_them(
    feed: Feed, written: str
) -> None:
    report = feed.load(HEADER + GOOD.replace("2025-10-06", written) * 3)
    assert report.accepted == 0
    assert "--dates day-first or month-first" in report.notes[-1]


def test_days_are_londons(feed: Feed) -> None:
    times = {
        "2025-10-05T23:30:00Z": "2025-10-06",
        "2025-10-06T00:30:00+01:00": "2025-10-06",
        "2025-10-06T23:59:59": "2025-10-06",
        "2025-10-06T18:30:00-05:00": "2025-10-07",
        "2025-12-01T23:30:00.123Z": "2025-12-01",
        "2025-12-01 23:30": "2025-12-01",
        "2025-10-06 23:30:00 UTC": "2025-10-07",
        "2025-10-06 23:30:00 GMT": "2025-10-07",
        "2025-10-06t23:30:00z": "2025-10-07",
        "2025-10-06T23:30Z": "2025-10-07",
        "2025-10-06T23:30:00.123456789Z": "2025-10-07",
        "2025-10-06T23:30:00 +0000": "2025-10-07",
        "2025-10-06T23:30:00+01": "2025-10-06",
        "2025-10-06 23:30:00 -01:00": "2025-10-07",
        "1759793400": "2025-10-07",
        "1759793400000": "2025-10-07",
        "1759793400000000": "2025-10-07",
    }
    for at, day in times.items():
        (only,) = feed.load(HEADER + f"100,FRE1,vle,done,{at},,\n").days
        assert (at, str(only)) == (at, day)


def test_parquet_with_the_same_columns(feed: Feed) -> None:
    path = feed.folder / "events.parquet"
    duckdb.execute(
        "COPY (SELECT * FROM (VALUES "
        "('100', 'FRE1', 'vle', 'done', TIMESTAMPTZ '2025-10-05 23:30:00+00', 2), "
        "('999', 'FRE1', 'vle', 'done', TIMESTAMPTZ '2025-10-06 12:00:00+00', 1)) "
        'AS v(student_number, module, family, kind, "at", count)) '
        f"TO '{path}' (FORMAT parquet)"
    )
    report = load_events(feed.lake, path, "moodle", STUDENTS, MODULES)
    assert reasons(report) == [(2, "the student_number is not on the roster")]
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 2)]
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(FeedError, match=r"events\.parquet cannot be read as Parquet"):
        load_events(feed.lake, path, "moodle", STUDENTS, MODULES)


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("'100' AS student_number, DATE '2025-10-06' AS at, 4 AS Count", 4),
        ("100 AS \"Student Number\", '2025-10-06 10:00' AS AT, 4.0::DOUBLE AS count", 4),
        ("100.0 AS Student_Number, TIMESTAMP '2025-10-06 23:59' AS at, '4' AS \" count \"", 4),
        ("'100' AS student_number, 1759741200 AS at, NULL AS count", 1),
        ("'100'::BLOB AS student_number, 1759741200000 AS at, 4::HUGEINT AS count", 4),
        ("'100' AS student_number, TIMESTAMP_NS '2025-10-06 01:00:00' AS at, '' AS count", 1),
    ],
)
def test_parquet_columns_of_any_type_and_case(feed: Feed, columns: str, row: int) -> None:
    path = feed.folder / "events.parquet"
    rest = "'FRE1' AS Module, 'vle' AS family, 'done' AS kind"
    duckdb.execute(f"COPY (SELECT {columns}, {rest}) TO '{path}' (FORMAT parquet)")
    report = load_events(feed.lake, path, "moodle", STUDENTS, MODULES)
    assert reasons(report) == []
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, row)]


def test_mixed_values_in_parquet_are_judged_row_by_row(feed: Feed) -> None:
    path = feed.folder / "events.parquet"
    duckdb.execute(
        "COPY (SELECT '100' AS student_number, 'FRE1' AS module, 'vle' AS family, 'done' AS kind, "
        "unnest(['2025-10-06', '1759741200', 'yesterday', '2025-10-06T09:00Z']) AS at, "
        f"unnest([1, 2.5, 1, 3]) AS count) TO '{path}' (FORMAT parquet)"
    )
    report = load_events(feed.lake, path, "moodle", STUDENTS, MODULES)
    assert [line for line, _ in reasons(report)] == [2, 3]
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 4)]


def test_days_in_parquet_beyond_the_calendar_are_rejected(feed: Feed) -> None:
    path = feed.folder / "events.parquet"
    duckdb.execute(
        "COPY (SELECT '100' AS student_number, 'FRE1' AS module, 'vle' AS family, 'done' AS kind, "
        "unnest([DATE '2025-10-06', 'infinity', '0044-03-15 (BC)', '12025-10-06', NULL]) AS at) "
        f"TO '{path}' (FORMAT parquet)"
    )
    report = load_events(feed.lake, path, "moodle", STUDENTS, MODULES)
    said = "at is not an ISO date or time"
    assert reasons(report) == [(line, said) for line in (2, 3, 4, 5)]
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 1)]


def test_days_are_those_of_the_modules_school(feed: Feed) -> None:
    path = feed.folder / "events.csv"
    times = "100,HIS1,vle,done,{0},,\n100,FRE1,vle,done,{0},,\n"
    path.write_text(HEADER + times.format("2025-03-10T08:30+11:00"))
    zones = {"FRE1": "Europe/London", "HIS1": "Australia/Sydney"}
    load_events(feed.lake, path, "moodle", STUDENTS, zones, terms=Terms(zones=zones))
    assert [(row[0], row[2]) for row in feed.rows()] == [
        ("2025-03-09", "FRE1"),
        ("2025-03-10", "HIS1"),
    ]


@pytest.mark.parametrize("name", ["report[1].csv", "a*b.csv", "who?.csv", "report[1].parquet"])
def test_a_files_name_is_never_a_pattern(feed: Feed, name: str) -> None:
    other = feed.folder / name.replace("[1]", "1").replace("*", "x").replace("?", "x")
    for path, number in ((other, "200"), (feed.folder / name, "100")):
        if path.suffix == ".parquet":
            query = f"SELECT '{number}' AS student_number, 'FRE1' AS module, 'vle' AS family, "
            query += "'done' AS kind, DATE '2025-10-06' AS at"
            duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        else:
            path.write_text(HEADER + GOOD.replace("100", number))
    report = load_events(feed.lake, feed.folder / name, "moodle", STUDENTS, MODULES)
    assert (report.accepted, [row[1] for row in feed.rows()]) == (1, [1])


KILLED = """
import os, signal, sys
from itertools import count
from pathlib import Path
from integrations.activity.lake import Lake
from integrations.feeds.events_csv import load_events

def die(done: int, total: int = 0) -> None:
    if done == 3:
        os.kill(os.getpid(), signal.SIGKILL)

def counting(prepare: object) -> object:
    placed = count(1)
    def prepare_day(*given: object) -> object:
        put = prepare(*given)
        return lambda: (put(), die(next(placed)))
    return prepare_day

folder, at = Path(sys.argv[1]), sys.argv[2]
if at == "placing":
    Lake.prepare_day = counting(Lake.prepare_day)
load_events(Lake(folder / "lake"), folder / "events.csv", "moodle", [("100", 1)], ["FRE1"],
            progress=die if at == "preparing" else lambda *_: None)
"""


@pytest.mark.parametrize(("at", "placed"), [("preparing", 0), ("placing", 3)])
def test_a_load_that_is_killed_is_completed_by_the_next(feed: Feed, at: str, placed: int) -> None:
    content = HEADER + "".join(GOOD.replace("-06", f"-{day:02}") for day in range(6, 13))
    whole = Feed(feed.folder / "undisturbed")
    whole.folder.mkdir()
    whole.load(content)
    (feed.folder / "events.csv").write_text(content)
    dead = subprocess.run([sys.executable, "-c", KILLED, str(feed.folder), at], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert feed.days() == [f"2025-10-{day:02}" for day in range(6, 6 + placed)]
    feed.load(content)
    made = "lake/activity"
    assert files_under(feed.folder / made) == files_under(whole.folder / made)
    assert len(Ledger(feed.lake).entries()) == 1, "the same content again is the same delivery"
    assert unfinished(feed.folder / "lake") == []


def test_a_day_set_aside_is_healed_by_loading_it_again(feed: Feed) -> None:
    feed.load(HEADER + GOOD)
    feed.lake.path("moodle", OCTOBER_6).write_bytes(b"?")
    feed.lake.set_aside_damaged(OCTOBER_6, OCTOBER_6)
    assert feed.lake.damaged_days() == (SourceDay("moodle", OCTOBER_6),)
    feed.load(HEADER + GOOD)
    assert feed.lake.damaged_days() == ()
