"""Event files as they really arrive: one bad line costs one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.feeds.csv_tables import KEPT
from integrations.feeds.events_csv import load_events
from integrations.feeds.text_files import FeedError
from tests.integrations.event_feed import GOOD, HEADER, MODULES, OCTOBER_6, STUDENTS, Feed


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",FRE1,vle,done,2025-10-06,,", "there is no student_number"),
        (",,moodle,,,,", "there is no student_number"),
        ("999,FRE1,vle,done,2025-10-06,,", "the student_number is not on the roster"),
        ("300,FRE1,vle,done,2025-10-06,,", "the student_number is not on the roster"),
        ("=cmd|'/c calc'!A1,FRE1,vle,done,2025-10-06,,", "the student_number is not on the roster"),
        ("100,GER1,vle,done,2025-10-06,,", "the module is not on the roster"),
        ("100,,vle,done,2025-10-06,,", "there is no module"),
        ("100,FRE1,moodle,done,2025-10-06,,", "the family is not one of attendance, submissions"),
        ("100,FRE1,vle,did,2025-10-06,,", "the kind is neither expected nor done"),
        ("100,FRE1,vle,excused,2025-10-06,,", "only attendance, meetings, submissions can be"),
        ("100,FRE1,vle,done,06/10/2025,,", "at is not an ISO date or time"),
        ("100,FRE1,vle,done,2025-02-30,,", "at is not an ISO date or time"),
        ("100,FRE1,vle,done,infinity,,", "at is not an ISO date or time"),
        ("100,FRE1,vle,done,,,", "at is not an ISO date or time"),
        ("100,FRE1,submissions,done,2025-10-06,,", "a submission needs an item"),
        ("100,FRE1,submissions,done,2025-10-06, ,", "a submission needs an item"),
        (f"100,FRE1,vle,done,2025-10-06,{'x' * 201},", "the item is longer than 200"),
        ('100,FRE1,vle,done,2025-10-06,"a\nb",', "the item holds control characters"),
        ("100,FRE1,vle,done,2025-10-06,,-1", "the count is not a whole number from 1"),
        ("100,FRE1,vle,done,2025-10-06,,2.5", "the count is not a whole number from 1"),
        ("100,FRE1,vle,done,2025-10-06,,1e3", "the count is not a whole number from 1"),
        ("100,FRE1,vle,done,2025-10-06T10:00 Mars,,", "at is not an ISO date or time"),
        ("100,FRE1,vle,done,20251006,,", "at is not an ISO date or time"),
        ("100,FRE1,vle,done,45936,,", "at is not an ISO date or time"),
        ("1.23E+08,FRE1,vle,done,2025-10-06,,", "the student_number has lost digits"),
        ("0000100,FRE1,vle,done,2025-10-06,,", "the student_number is not on the roster"),
        ("100,FRE1,vle,done,2025-10-06,,many", "the count is not a whole number from 1"),
        ("100,FRE1,vle,done,2025-10-06,,1e30", "the count is not a whole number from 1"),
        ("100,FRE1,vle,done", "4 columns where the header has 7"),
        ("100,FRE1,vle,done,2025-10-06,,,,x", "9 columns where the header has 7"),
        ("1\x0000,FRE1,vle,done,2025-10-06,,", "the line holds a NUL byte"),
        ('100,FRE1,vle,done,2025-10-06,"open,', "a quotation mark is out of place"),
        ('100,FRE1,vle,done,2025-10-06,"a"b,', "a quotation mark is out of place"),
        ("x" * 100_000, "the line is longer than 65,536 bytes"),
        ("100,FRE1,vle,done,2025-10-06,\udc81\udc8d,", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_bad_row_is_reported_with_its_line_and_the_good_ones_go_in(
    feed: Feed, row: str, reason: str
) -> None:
    content = (HEADER + GOOD + "\n" + row + "\n" + GOOD * 6).encode(errors="surrogateescape")
    report = feed.load(content)
    assert report.accepted == 7
    assert report.rejected_total == 1
    assert [(bad.file, bad.line) for bad in report.rejected] == [("events.csv", 4)]
    assert reason in report.rejected[0].reason
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 7)]


def test_rows_that_state_nothing_leave_nobody_unknown(feed: Feed) -> None:
    rows = (HEADER, ",,,,,,\n" * 40, "Total,,,,,,9\n", "100,FRE1,vle,done,2025-10-06,,0\n", GOOD)
    report = feed.load(HEADER + GOOD * 6 + "".join(rows))
    assert (report.accepted, report.rejected_total) == (7, 0)
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 7)]
    said = " ".join(report.notes)
    assert all(each in said for each in ("repeats the header", "of totals", "nothing was done"))


def test_words_may_be_written_in_capitals(feed: Feed) -> None:
    report = feed.load(HEADER + "100,fre1,VLE,Done,2025-10-06,,\n")
    assert (report.accepted, report.rejected_total) == (1, 0)
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 1)]


def test_reasons_quote_nothing_of_the_row(feed: Feed) -> None:
    secret = "Imogen Invented"
    rows = [[secret if at == column else value for at, value in enumerate(GOOD[:-1].split(","))]
            for column in range(7)]  # fmt: skip
    report = feed.load(HEADER + "".join(",".join(row) + "\n" for row in rows) + secret + "\n")
    assert report.rejected_total > 3
    assert secret not in str(report)


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + GOOD * 2).encode("utf-8-sig"),
        (HEADER + GOOD * 2).encode("utf-16"),
        (HEADER + GOOD * 2).encode("utf-16-le"),
        (HEADER + GOOD * 2).encode("utf-16-be"),
        (HEADER + GOOD * 2).replace("\n", "\r").encode(),
        (HEADER + GOOD * 2).replace("\n", "\r\n").encode(),
        (HEADER + GOOD).encode() + GOOD.replace("\n", "\r\n").encode(),
        (HEADER + GOOD + GOOD.rstrip()).encode(),
        ("\n\n" + HEADER + "\n" + GOOD + "\n\n" + GOOD + "\n\n").encode(),
        (HEADER + GOOD * 2).replace("100", '"100"').encode(),
        b"at,kind,family,module,student_number\n2025-10-06,done,vle,FRE1,100\n"
        + b"2025-10-06,done,vle,FRE1,100\n",
        (HEADER.upper() + GOOD * 2).encode(),
        (HEADER + GOOD.replace("\n", ",,,\n") + GOOD).encode(),
        (HEADER + GOOD.replace("\n", ",,,\n") + GOOD).encode("utf-16"),
        (HEADER.replace("_", " ").replace(",", " , ") + GOOD * 2).encode(),
        (HEADER + GOOD * 2).replace(",", ";").encode(),
        (HEADER + GOOD * 2).replace(",", "\t").encode("utf-16"),
        ("sep=;\r\n" + (HEADER + GOOD * 2).replace(",", ";")).encode(),
        ("sep=|\n" + (HEADER + GOOD * 2).replace(",", "|")).encode(),
        (HEADER + GOOD.replace(",,\n", "\n") + GOOD.replace(",,\n", ",\n")).encode(),
        (HEADER.replace("count", '"count"') + GOOD * 2).encode(),
        (HEADER + GOOD).encode() + b"\xef\xbb\xbf" + GOOD.encode(),
        (HEADER + GOOD + GOOD.replace("FRE1", " FRE1 ").replace("done", "done ")).encode(),
    ],
    ids=[
        "bom", "utf-16", "utf-16-le", "utf-16-be", "cr", "crlf", "mixed", "no-last-newline",
        "blank-lines", "quoted", "other-order", "upper-case-header",
        "trailing-commas", "trailing-commas-utf-16", "blanks-in-header",
        "semicolons", "tabs", "sep", "sep-bar", "empty-cells-left-out", "quoted-header",
        "mark-inside", "blanks-around",
    ],
)  # fmt: skip
def test_files_as_they_really_come(feed: Feed, content: bytes) -> None:
    report = feed.load(content)
    assert (report.accepted, report.rejected, report.notes) == (2, (), ())
    assert feed.rows() == [("2025-10-06", 1, "FRE1", "vle", None, 0, 2)]


def test_columns_that_are_not_used_are_named(feed: Feed) -> None:
    header = HEADER.strip() + ',Score,"Minutes\n(online)",\n'
    report = feed.load(header + GOOD.strip() + ",7,8,\n")
    assert report.accepted == 1
    (note,) = report.notes
    assert note.startswith("events.csv: not used: Score, Minutes (online). Rename a column if")


def test_a_header_of_two_lines_loses_no_row(feed: Feed) -> None:
    header = HEADER.strip() + ',"seen\n(clicks)"\r\n'
    for covers in (None, (OCTOBER_6, OCTOBER_6)):
        assert feed.load(header + GOOD.strip() + ",1\r\n", covers).accepted == 1
        assert len(feed.rows()) == 1


def test_a_line_in_latin_1_is_read_and_noted(feed: Feed) -> None:
    essay = "100,FRE1,submissions,done,2025-10-06,Café,\n".encode("cp1252")
    report = feed.load((HEADER + GOOD).encode() + essay)
    assert report.notes == ("1 line was not UTF-8 and was read as Windows-1252.",)
    assert ("2025-10-06", 1, "FRE1", "submissions", "Café", 0, 1) in feed.rows()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "events.csv is empty"),
        (b"\n \n", "events.csv is empty"),
        (b"a,b\n1,2\n", "events.csv: no column student_number, module"),
        (HEADER.replace(",", ":").encode(), "no column student_number.*separator.*':'"),
        (b"student_number,at,at,kind,family,module\n", "two columns are called at"),
        (bytes(range(256)) * 300, "events.csv: no column"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_by_name(feed: Feed, content: bytes, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        feed.load(content)
    assert feed.days() == []


def test_a_file_that_is_not_there(feed: Feed) -> None:
    with pytest.raises(FeedError, match=r"gone\.csv cannot be opened"):
        load_events(feed.lake, feed.folder / "gone.csv", "moodle", STUDENTS, MODULES)


def test_a_file_of_which_every_row_is_bad_replaces_nothing(feed: Feed) -> None:
    feed.load(HEADER + GOOD)
    report = feed.load(HEADER + GOOD.replace("100", "999"), covers=(OCTOBER_6, OCTOBER_6))
    assert (report.accepted, report.days, report.rejected_total) == (0, (), 1)
    assert len(feed.rows()) == 1


def test_one_mistyped_year_does_not_make_a_century_of_days(feed: Feed) -> None:
    with pytest.raises(FeedError, match="dates from 2025-10-06 to 2205-10-06"):
        feed.load(HEADER + GOOD + GOOD.replace("2025", "2205"))
    assert feed.days() == []


def test_many_bad_rows_are_counted_and_the_first_are_kept(feed: Feed) -> None:
    report = feed.load(HEADER + GOOD + GOOD.replace("100", "999") * (KEPT + 5) + "1,2\n" * 5)
    assert (report.rejected_total, len(report.rejected)) == (KEPT + 10, KEPT)
    assert report.accepted == 1


def test_quoted_line_ends_do_not_shift_the_lines_that_are_reported(feed: Feed) -> None:
    quoted = '100,FRE1,vle,done,2025-10-06,"two\nlines",\n'
    report = feed.load(HEADER + quoted + GOOD + GOOD.replace("100", "999"))
    assert [bad.line for bad in report.rejected] == [2, 5]


anything = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(',"\r\n\0=;'))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(anything | st.just(GOOD.strip()), max_size=6), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_whatever_stands_in_a_file_good_rows_after_it_go_in(
    feed: Feed, lines: list[str], end: str
) -> None:
    good = [GOOD.strip()] * 6
    content = end.join([HEADER.strip(), *lines, *good]) + end
    report = feed.load(content)
    assert report.accepted >= len(good)
    assert sum(row[-1] for row in feed.rows()) == report.accepted
