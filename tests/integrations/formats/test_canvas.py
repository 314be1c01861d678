"""Canvas: page views, and SIS files read together and one by one."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.readers import canvas_pages, canvas_sis
from integrations.feeds.formats.readers.roster_files import Delivered, RosterNumbers
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import read, write

EXAMPLE = canvas_sis.FORMAT.example
PAGES = canvas_pages.FORMAT.example
NEW = RosterNumbers(level="undergraduate")
KNOWN = RosterNumbers(frozenset({"26001000"}), frozenset({"M1"}))


def _convert(
    folder: Path, text: str, known: RosterNumbers = NEW
) -> tuple[Delivered, dict[str, list[list[str]]]]:
    target = folder / "roster"
    target.mkdir(exist_ok=True)
    opened = open_file(write(folder / "archive", text), folder)
    assert canvas_sis.recognises(opened)
    found = canvas_sis.convert(opened, target, known, None)
    return found, {
        path.stem: list(csv.reader(path.read_text().splitlines()))[1:] for path in target.iterdir()
    }


def _table(name: str) -> str:
    return EXAMPLE.partition(f"== {name}.csv\n")[2].partition("== ")[0]


def test_sis_files_become_a_roster(tmp_path: Path) -> None:
    found, files = _convert(tmp_path, EXAMPLE)
    assert files["schools"] == [["SCI", "Science"]]
    assert files["modules"] == [["M1-2026", "Invented module", "SCI"]]
    assert [row[0] for row in files["students"]] == ["26001000"]
    assert files["students"][0][5] == "SCI"
    assert files["identifiers"] == [["26001000", "username", "u1000"]]
    assert files["enrolments"] == [["26001000", "M1-2026", "2026-09-28", "2027-01-22", ""]]
    assert found.refused == {canvas_sis.NO_COURSE: 1}
    assert any("1 teacher" in note for note in found.notes())


def test_the_rosters_own_code_of_a_course_is_kept(tmp_path: Path) -> None:
    _, files = _convert(tmp_path, EXAMPLE, KNOWN)
    assert files["modules"] == files["students"] == []
    assert files["enrolments"][0][:2] == ["26001000", "M1"]


def test_a_known_enrolment_needs_no_beginning_to_end(tmp_path: Path) -> None:
    table = _table("enrollments").replace("student,M1-2026-A,active", "student,,inactive")
    started = {"26001000": {"M1": dt.date(2026, 9, 28)}}
    known = RosterNumbers(frozenset({"26001000"}), frozenset({"M1"}), enrolled=started)
    _, files = _convert(tmp_path, table, known)
    assert files["enrolments"] == [["26001000", "M1", "2026-09-28", "", "withdrawn"]]


def test_one_table_alone_is_read_beside_what_is_known(tmp_path: Path) -> None:
    table = _table("enrollments").replace("active,,", "active,2026-09-28,")
    _, files = _convert(tmp_path, table, KNOWN)
    assert files["enrolments"] == [["26001000", "M1", "2026-09-28", "", ""]]


@pytest.mark.parametrize(
    ("table", "status", "is_over"),
    [
        ("enrollments", "inactive", True),
        ("enrollments", "completed", True),
        ("enrollments", "deleted_last_completed", True),
        ("courses", "deleted", True),
        ("courses", "published", False),
        ("users", "deleted", True),
        ("users", "suspended", False),
    ],
)
def test_a_status_ends_an_enrolment(tmp_path: Path, table: str, status: str, is_over: bool) -> None:
    rows = _table(table)
    text = EXAMPLE.replace(rows, rows.replace(",active", f",{status}", 1))
    _, files = _convert(tmp_path, text, KNOWN)
    assert [row[4] for row in files["enrolments"]] == ["withdrawn" if is_over else ""]


def test_a_status_that_nobody_knows_and_a_missing_beginning_are_named(tmp_path: Path) -> None:
    rows = _table("enrollments")
    odd = EXAMPLE.replace(rows, rows.replace(",active", ",paused", 1))
    assert "status is not understood" in " ".join(_convert(tmp_path, odd, KNOWN)[0].refused)
    undated = EXAMPLE.replace("2026-09-27T23:00:00Z", "")
    assert canvas_sis.NO_BEGINNING in _convert(tmp_path, undated, KNOWN)[0].refused


def test_no_password_and_no_pronoun_is_written(tmp_path: Path) -> None:
    _, files = _convert(tmp_path, EXAMPLE)
    cells = {cell for rows in files.values() for row in rows for cell in row}
    assert not cells & {"Invented0!", "she/her", "Alice"}


def test_page_views_are_the_students_own(tmp_path: Path) -> None:
    summary, rows = read(tmp_path, "views.json", PAGES)
    assert dict(summary.by_label) == {"viewed": 1, "participated": 1}
    assert summary.passed == {canvas_pages.IN_THEIR_NAME: 1}
    assert {row["module"] for row in rows} == {"M1"}


def test_page_views_come_as_lines_and_as_a_table_too(tmp_path: Path) -> None:
    views = json.loads(PAGES)
    lines = "\n".join(map(json.dumps, [*views, views[0]]))
    assert read(tmp_path, "views.ndjson", lines)[0].by_label.total() == 2
    table = "id,links.user,links.real_user,created_at,context_type,links.context,participated\n"
    table += "".join(
        f"{each['id']},{each['links']['user']},{each['links']['real_user'] or ''},"
        f"{each['created_at']},Course,M1,{each['participated']}\n"
        for each in views
    )
    assert read(tmp_path, "views.csv", table)[0].by_label.total() == 2


def test_page_views_of_nobody_are_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="whose they are"):
        read(tmp_path, "v.csv", "url,context_type,created_at,participated\nx,Course,2026-10-05,1\n")
