"""Exports as colleagues send them: renamed, joined, split over sheets, saved in another way."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.matching import summary
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.readers import canvas_events
from integrations.feeds.formats.registry import FORMATS
from integrations.feeds.formats.times import Dates
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import declared, read, write
from tests.integrations.formats.workbook import Cell, workbook

MOODLE, XAPI, TEAMS, CANVAS, PANOPTO = (
    next(each for each in FORMATS if each.key == key)
    for key in ("moodle", "xapi", "teams", "canvas-events", "panopto")
)
HEADER = "student_number,module,family,kind,at\n"
ROW = "26001000,M1,vle,done,2026-10-05\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", (HEADER + ROW).encode()),
        ("b.csv", gzip.compress((HEADER + ROW).encode())),
        ("c.csv", (HEADER + ROW).encode("utf-32")),
        ("d.csv", (HEADER + ROW).encode("utf-16")),
    ],
    ids=["named .gz and is not", "gzip", "UTF-32", "UTF-16"],
)
def test_a_file_is_read_by_its_content_whatever_its_name(
    name: str, content: bytes, tmp_path: Path
) -> None:
    assert read(tmp_path, name, content)[0].events == 1


def test_a_folder_with_one_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    write(tmp_path / "export" / "events.csv", HEADER + ROW)
    assert open_file(tmp_path / "export", tmp_path).name == "events.csv"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xls", "<!DOCTYPE html><title>Sign in</title>", "is a web page, not a file of data"),
        ("b.xls", " \n<HTML><table><tr><td>Time</td></tr></table>", "is a web page"),
        ("c.csv", MOODLE.example.replace("Time,", "Event time,"), "but not Time"),
        ("d.csv", "student_number,module,family,done,at,item,count\n", "but not kind and until"),
        ("e.csv", b"\xef\xbb\xbf", "is empty"),
        ("f", f"== a.csv\n{HEADER}{ROW}\n== b.csv\n{HEADER}{ROW}", "holds 2 files"),
        ("g.json", json.dumps({"statements": []})[:-3], "not well-formed JSON from line 1"),
    ],
)
def test_a_file_that_is_none_says_what_it_is_instead(
    name: str, content: str | bytes, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(FeedError, match=sentence):
        read(tmp_path, name, content)


def test_values_of_json_one_after_the_other_are_all_read(tmp_path: Path) -> None:
    statements = [json.loads(line) for line in XAPI.example.splitlines()]
    content = "\n".join(json.dumps(each, indent=2) for each in statements)
    assert read(tmp_path, "statements.json", content)[0].rows == len(statements)


@pytest.mark.parametrize(
    ("time", "order"),
    [
        ("Monday, 5 October 2026, 9:03 AM", "day-first"),
        ("5/10/26, 9:03\u202fAM", "day-first"),
        ("5-Oct-26 09:03", "day-first"),
        ("October 5, 2026 9:03 AM", "month-first"),
    ],
)
def test_times_with_words_and_narrow_blanks_are_read(time: str, order: str, tmp_path: Path) -> None:
    log = MOODLE.example.replace("5/10/26, 09:03", time)
    _, rows = read(tmp_path, "log.csv", log, Declared(Dates(order)))
    assert rows[0]["at"] == "2026-10-05T09:03:00+01:00"


def test_sheets_that_begin_alike_are_read_together_and_others_are_named(tmp_path: Path) -> None:
    header: list[Cell] = list(HEADER.strip().split(","))
    sheets: dict[str, list[list[Cell]]] = {
        "Science": [header, ["26001000", "M1", "vle", "done", "2026-10-05"]],
        "Chart": [["Invented"]],
        "Humanities": [header, ["26001001", "M2", "vle", "done", "2026-10-05"]],
    }
    summary, rows = read(tmp_path, "a.xlsx", workbook(sheets))
    assert [row["student_number"] for row in rows] == ["26001000", "26001001"]
    assert list(summary.lines) == [2, 4]
    said = " ".join(open_file(tmp_path / "a.xlsx", tmp_path).remarks)
    assert "Science and Humanities" in said
    assert "Not read: Chart. To read one, name it with --sheet." in said
    assert open_file(tmp_path / "a.xlsx", tmp_path, "Science").remarks == []


def test_each_meeting_of_joined_reports_counts(tmp_path: Path) -> None:
    other = TEAMS.example.replace("10/7/26", "10/8/26")
    summary, _ = read(tmp_path, "teams.csv", TEAMS.example + "\n" + other, declared(TEAMS))
    assert [f"{day:%d}" for day in sorted(summary.days)] == ["07", "08"]


def test_what_staff_do_as_a_student_is_no_activity_of_theirs(tmp_path: Path) -> None:
    event = json.loads(CANVAS.example.splitlines()[0])
    event["metadata"]["real_user_id"] = "21070000000000001"
    summary, rows = read(tmp_path, "events.ndjson", json.dumps(event) + "\n")
    assert rows == []
    assert summary.passed[canvas_events.STAFF] == 1


def test_a_row_of_merged_cells_says_that_it_names_no_person(tmp_path: Path) -> None:
    content = HEADER + ROW + ROW.replace("26001000", "")
    assert read(tmp_path, "a.csv", content)[0].refused[summary.NO_PERSON] == 1


@pytest.mark.parametrize(("written", "minutes"), [("12,5", 12.5), ("1,234.5", 1234.5), ("", 0)])
def test_minutes_may_have_a_decimal_comma(written: str, minutes: float, tmp_path: Path) -> None:
    views = PANOPTO.example.replace(",49.12,", f',"{written}",')
    summary, _ = read(tmp_path, "views.csv", views, declared(PANOPTO))
    assert (summary.events, summary.minutes) == (2, minutes)


def test_a_declared_module_that_is_not_on_the_roster_is_asked_for_once(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="the declared module is not on the roster"):
        read(tmp_path, "log.csv", MOODLE.example, Declared(Dates("day-first"), module="M9"))
