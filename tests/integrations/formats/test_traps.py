"""Pitfalls of real files: whose action, which time, duplicate rows, data never stored."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from integrations.feeds.formats.files.json_items import item_of
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.registry import FORMATS
from integrations.feeds.formats.times import Dates, declared_dates, iso_time
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import declared, read

MOODLE, XAPI, TEAMS, GATES, EVENTS = (
    next(each for each in FORMATS if each.key == key)
    for key in ("moodle", "xapi", "teams", "gates", "events")
)
LOG_HEADER = "Time,Affected user,Description\n"


def _log(*sentences: str) -> str:
    return LOG_HEADER + "".join(f'"5/10/26, 09:00",-,{each}\n' for each in sentences)


def _statement(**other: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": "s1",
        "actor": {"account": {"name": "26001000", "homePage": "https://uni.example/"}},
        "verb": {"id": "http://id.tincanapi.com/verb/viewed"},
        "object": {"id": "https://vle.test/page/1"},
        "timestamp": "2026-10-06T09:00:00Z",
    }
    return {key: value for key, value in (plain | other).items() if value is not None}


def _xapi(folder: Path, *statements: Any) -> Any:
    lines = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in statements)
    return read(folder, "statements.ndjson", lines + "\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "The user with id '9001' has graded the submission '7' for the user with id '4100'.",
        "The user with id '2' has logged in as the user with id '4100'.",
        "The user with id '-10' sent a notification to the user with id '4100'.",
        "The user with id '0' has failed to log in.",
    ],
)
def test_what_was_done_to_a_student_is_no_activity_of_theirs(sentence: str, tmp_path: Path) -> None:
    summary, rows = read(tmp_path, "log.csv", _log(sentence), declared(MOODLE))
    assert rows == []
    assert summary.passed.total() == 1
    assert summary.rejections.total == 0


def test_identical_rows_of_a_log_are_all_counted(tmp_path: Path) -> None:
    viewed = "The user with id '4100' viewed the course with id '1'."
    summary, _ = read(tmp_path, "log.csv", _log(viewed, viewed, viewed), declared(MOODLE))
    assert summary.events == 3


@pytest.mark.parametrize("keys", [True, False])
def test_a_log_in_json_is_read_as_the_table_it_is(keys: bool, tmp_path: Path) -> None:
    rows = list(csv.reader(MOODLE.example.splitlines()))
    table: Any = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] if keys else rows[1:]
    summary, written = read(tmp_path, "log.json", json.dumps([table]), declared(MOODLE))
    assert summary.events == 2
    assert len(written) == 3


def test_a_log_declared_with_the_wrong_order_is_refused_whole(tmp_path: Path) -> None:
    lines = [f"\"{day}/10/26, 09:00\",-,The user with id '4100' viewed it." for day in range(9, 29)]
    with pytest.raises(FeedError, match="--dates"):
        read(tmp_path, "log.csv", LOG_HEADER + "\n".join(lines), Declared(Dates("month-first")))


@pytest.mark.parametrize(
    ("actor", "known"),
    [
        ({"account": {"name": "26001000", "homePage": "https://uni.example/"}}, True),
        ({"account": {"name": "26001000", "homePage": "https://student.uni.example"}}, True),
        ({"account": {"name": "26001000", "homePage": "https://other.example/"}}, False),
        ({"account": {"name": "26001000", "homePage": "https://example/"}}, False),
        ({"account": {"name": "ada", "homePage": "https://lrs.example/"}}, True),
        ({"account": {"name": "ada", "homePage": "https://uni.example/"}}, False),
        ({"mbox": "mailto:U1000@Student.Uni.Example"}, True),
        ({"mbox_sha1sum": "0" * 40}, False),
        ({"name": "26001000"}, False),
    ],
)
def test_an_actor_is_joined_by_name_and_place_together(
    actor: dict[str, Any], known: bool, tmp_path: Path
) -> None:
    summary, _ = _xapi(tmp_path, _statement(actor=actor))
    assert summary.events == known
    assert summary.rejections.total == (not known)


@pytest.mark.parametrize(
    ("result", "kinds"),
    [
        ({"completion": True}, ["expected", "done"]),
        ({"completion": True, "success": False}, ["expected", "done"]),
        ({"completion": False, "success": True}, ["expected"]),
        ({"success": True}, []),
        (None, []),
    ],
)
def test_attendance_is_what_completion_says(
    result: dict[str, Any] | None, kinds: list[str], tmp_path: Path
) -> None:
    verb = {"id": "http://adlnet.gov/expapi/verbs/attended"}
    summary, rows = _xapi(tmp_path, _statement(verb=verb, result=result))
    assert [row["kind"] for row in rows] == kinds
    assert summary.rejections.total == (not kinds)


def test_the_same_statement_counts_once_and_another_of_its_id_is_refused(tmp_path: Path) -> None:
    later = _statement(timestamp="2026-10-07T09:00:00Z")
    summary, rows = _xapi(tmp_path, _statement(), _statement(stored="2026-10-08T00:00:00Z"), later)
    assert len(rows) == 1
    assert summary.passed.total() == 1
    assert [row.line for row in summary.rejections.rows] == [3]


def test_statements_without_an_id_get_one_from_what_they_say(tmp_path: Path) -> None:
    other = _statement(id=None, timestamp="2026-10-06T09:00:01Z")
    summary, _ = _xapi(tmp_path, _statement(id=None), _statement(id=None), other)
    assert summary.events == 2


def test_a_voided_statement_does_not_count_wherever_the_other_stands(tmp_path: Path) -> None:
    verb = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    voids = _statement(id="s2", verb=verb, object={"objectType": "StatementRef", "id": "s1"})
    for order in ((_statement(), voids), (voids, _statement())):
        summary, rows = _xapi(tmp_path, *order)
        assert rows == []
        assert summary.passed.total() == 2


def test_a_bad_line_costs_that_line(tmp_path: Path) -> None:
    summary, _ = _xapi(tmp_path, _statement(), "{", "[" * 3000, "null", _statement(id="s3"))
    assert summary.events == 2
    assert [row.line for row in summary.rejections.rows] == [2, 3, 4]


def test_an_indented_array_with_a_mark_is_read_whole(tmp_path: Path) -> None:
    text = json.dumps([_statement(id=str(at)) for at in range(40)], indent=1)
    summary, _ = read(tmp_path, "array.json", b"\xef\xbb\xbf" + text.encode())
    assert summary.events == 40


def test_an_array_that_is_cut_off_is_refused_with_its_line(tmp_path: Path) -> None:
    text = json.dumps([_statement(id=str(at)) for at in range(4)], indent=1)
    with pytest.raises(FeedError, match="not well-formed JSON from line"):
        read(tmp_path, "array.json", text[:-40])


def test_the_name_of_a_thing_holds_no_host_and_is_never_long() -> None:
    assert item_of("https://vle.test/mod/assign/view.php?id=7") == "mod/assign/view.php?id=7"
    assert len(item_of("https://vle.test/" + "x" * 900)) == 32
    assert item_of("a\nb\0c") == "abc"


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-10-24t23:15:00z", 23),
        ("2026-10-24T23:59:59.999999999Z", 23),
        ("2026-10-25T01:30:00+01:00", 1),
        ("2026-10-25 01:30", 1),
    ],
)
def test_times_of_iso_8601_are_read_in_all_their_forms(text: str, hour: int) -> None:
    found = iso_time(text)
    assert isinstance(found, dt.datetime)
    assert found.hour == hour


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-10-24T25:00", "20261024", ""])
def test_what_is_no_time_is_none(text: str) -> None:
    assert iso_time(text) is None


@pytest.mark.parametrize(
    ("said", "text", "day"),
    [
        ("day-first", "5/10/26, 09:03", "2026-10-05"),
        ("day-first", "5.10.26, 09:03", "2026-10-05"),
        ("day-first", "14/Oct/2026", "2026-10-14"),
        ("month-first", "10/05/26, 09:03", "2026-10-05"),
        ("month-first", "10/30/2026 9:28:00 PM", "2026-10-30"),
        ("month-first", "October 06, 2026 10:02 AM", "2026-10-06"),
        ("year-first", "2026/10/05 09:03", "2026-10-05"),
        ("%d %B %Y at %H.%M", "5 October 2026 at 09.03", "2026-10-05"),
    ],
)
def test_dates_are_read_as_they_were_declared(said: str, text: str, day: str) -> None:
    assert str(declared_dates(said).read(text))[:10] == day


@pytest.mark.parametrize(
    "text", ["31/02/2026", "13/13/2026", "11 May, 09:44", "5/10/026", "1/1/99999"]
)
def test_a_date_that_is_none_is_not_guessed(text: str) -> None:
    assert Dates("day-first").read(text) is None


def test_intervals_of_a_meeting_are_counted_not_the_time_between(tmp_path: Path) -> None:
    summary, rows = read(tmp_path, "teams.csv", TEAMS.example.encode("utf-16"), declared(TEAMS))
    assert summary.events == 2
    assert round(summary.minutes * 60) == 16 * 60 + 55 + 41 * 60 + 51
    assert {row["item"] for row in rows} == {"teams-2026-10-07"}


def test_a_list_of_names_alone_is_refused_whole(tmp_path: Path) -> None:
    text = "Full Name\tUser Action\tTimestamp\nAda Example\tJoined\t10/7/2020, 2:00:00 PM\n"
    with pytest.raises(FeedError, match="only names"):
        read(tmp_path, "teams.csv", text, declared(TEAMS))


def test_an_exit_at_a_gate_is_no_visit(tmp_path: Path) -> None:
    summary, rows = read(tmp_path, "gates.tsv", GATES.example)
    assert summary.passed.total() == 1
    assert {row["family"] for row in rows} == {"access"}
    assert {row["module"] for row in rows} == {""}


def test_an_array_may_have_each_object_on_a_line_of_its_own(tmp_path: Path) -> None:
    lines = ",\n".join(json.dumps(_statement(id=f"s{number}")) for number in range(3))
    summary, _ = read(tmp_path, "statements.json", f"[\n{lines}\n]\n")
    assert (summary.events, summary.rejections.total) == (3, 0)


def test_a_line_that_names_the_separator_a_second_header_and_blank_rows_are_no_rows(
    tmp_path: Path,
) -> None:
    header, row = "student_number;module;family;kind;at", "26001000;M1;vle;done;2026-10-05"
    lines = ("sep=;", header, row, header, row, ";;;;", ";;;;")
    summary, _ = read(tmp_path, "events.csv", "\n".join(lines).encode("utf-16"))
    assert (summary.events, summary.rejections.total) == (2, 0)


def test_an_order_that_tears_a_week_apart_is_refused(tmp_path: Path) -> None:
    sentence = "The user with id '4100' viewed the course with id '7'."
    log = LOG_HEADER + "".join(f'"{day}/10/26, 09:00",-,{sentence}\n' for day in range(5, 12))
    with pytest.raises(FeedError, match="close together"):
        read(tmp_path, "log.csv", log, Declared(dates=declared_dates("month-first")))
    summary, _ = read(tmp_path, "log.csv", log, Declared(dates=declared_dates("day-first")))
    assert summary.events == 7


def test_an_event_feed_may_stand_below_a_title_and_end_in_totals(tmp_path: Path) -> None:
    text = f"Activity of October\n\n{EVENTS.example}Total,,,,,,2,\n"
    summary, _ = read(tmp_path, "events.csv", text)
    assert summary.events > 0
    assert (summary.rejections.total, summary.passed.total()) == (0, 1)
