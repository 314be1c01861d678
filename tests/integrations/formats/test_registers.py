"""Registers read by a mapping that is drafted from the file and confirmed by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.mappings import registers
from integrations.feeds.formats.mappings.drafting import draft_mapping
from integrations.feeds.formats.mappings.mapping import load_mappings
from integrations.feeds.formats.matching import loading
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.readers import events
from integrations.feeds.formats.registry import recognise
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import roster

LONG = """Student ID;Surname;Module;Event ID;Date;Start;Mark;Marked at
26001000;Invented;M1;E1;16/10/2026;10:00;/;16/10/2026 11:00
26001000;Invented;M1;E2;17/10/2026;10:00;O;17/10/2026 11:00
26001000;Invented;M1;E2;17/10/2026;10:00;A;18/10/2026 09:00
26001001;Example;M1;E1;16/10/2026;10:00;-;16/10/2026 11:00
26001001;Example;M1;E2;17/10/2026;10:00;L;17/10/2026 11:00
26001001;Example;M1;E3;31/02/2026;10:00;/;
26001001;Example;M1;E3;19/10/2026;10:00;%;
99999999;Unknown;M1;E1;16/10/2026;10:00;O;
"""
WIDE = """Student ID,Email,Overall,"October 16, 2026 10:02 AM","October 23, 2026 10:02 AM"
26001000,u1000@student.uni.example,50%,Present,Absent
26001001,u1001@student.uni.example,50%,,Excused
,Average,50%,,
"""


def _read(folder: Path, name: str, content: str, **answers: str) -> Summary:
    """Draft a mapping, answer its open marks, confirm it, and read the file with it."""
    path = folder / name
    path.write_text(content)
    opened = open_file(path, folder)
    text = draft_mapping(opened).replace("confirmed = false", "confirmed = true")
    for mark, meaning in answers.items():
        text = text.replace(f'"{mark}" = "?"', f'"{mark}" = "{meaning}"')
    text = text.replace('"%" = "?"\n', "")
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "register.toml").write_text(text)
    reader = recognise(opened, load_mappings(folder / "mappings"))
    return loading.read_events(opened, reader, Declared(module="M1"), roster("M1"))


def test_what_stands_below_a_register_is_of_no_person(tmp_path: Path) -> None:
    below = "Total;;;;;;;\n;;;;;;;\nPrinted on 19/10/2026;;;;;;;\n"
    summary = _read(tmp_path, "register.csv", LONG + below, A="excused")
    assert summary.rejections.total == 3
    assert summary.passed[registers.NO_PERSON] == 2


def test_a_long_register_is_read_mark_by_mark(tmp_path: Path) -> None:
    summary = _read(tmp_path, "register.csv", LONG, A="excused")
    assert dict(summary.by_label) == {"present": 1, "excused": 1, "late": 1}
    assert summary.late == 1
    assert [(row.line, row.reason.split()[0:3]) for row in summary.rejections.rows] == [
        (7, ["the", "time", "is"]),
        (8, ["the", "mark", "is"]),
        (9, ["the", "person", "is"]),
    ]


def test_a_register_that_was_not_taken_is_no_absence(tmp_path: Path) -> None:
    summary = _read(tmp_path, "register.csv", LONG, A="excused")
    assert summary.passed["the register was not taken: unknown, not absent"] == 1
    assert summary.by_label["absent"] == 0


def test_a_wide_register_is_read_cell_by_cell(tmp_path: Path) -> None:
    summary = _read(tmp_path, "wide.csv", WIDE)
    assert dict(summary.by_label) == {"present": 1, "absent": 1, "excused": 1}
    assert summary.passed.total() == 2


def test_an_open_mark_is_asked_for_and_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"mappings/.*: line \d+, each mark must mean one of"):
        _read(tmp_path, "register.csv", LONG)


def test_a_wrong_mapping_stops_no_file_of_another_format(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("confirmed = true\n")
    path = tmp_path / "events.csv"
    path.write_text(events.FORMAT.example)
    assert recognise(open_file(path, tmp_path), load_mappings(tmp_path)) is events.FORMAT


def test_a_column_with_marks_of_another_name_is_left_open(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"line \d+, the column of mark is still open"):
        _read(tmp_path, "register.csv", LONG.replace("Mark", "What happened"), A="excused")


def test_a_draft_is_not_used_before_a_person_confirms_it(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(LONG)
    opened = open_file(path, tmp_path)
    (tmp_path / "draft.toml").write_text(draft_mapping(opened))
    assert load_mappings(tmp_path).tables == ()
    with pytest.raises(FeedError, match="--map"):
        recognise(opened)


def test_a_draft_holds_no_value_of_a_person(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(LONG)
    assert not any(
        word in draft_mapping(open_file(path, tmp_path)) for word in ("2600", "Invented;")
    )
