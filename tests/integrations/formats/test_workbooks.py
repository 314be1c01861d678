"""Workbooks: numbers as student numbers, dates as dates, sheets chosen by name."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.feeds.formats.model import Declared
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import read
from tests.integrations.formats.test_hostile import calm
from tests.integrations.formats.workbook import Cell, workbook

HEADER: list[Cell] = ["student_number", "module", "family", "kind", "at", "item", "count"]
AT = dt.datetime(2026, 10, 5, 9, 3)  # noqa: DTZ001 -- a workbook knows no zones
ROWS: list[list[Cell]] = [HEADER, [26001000, "M1", "vle", "done", AT, "", 2.0]]


def test_numbers_and_dates_are_read_as_they_are_meant(tmp_path: Path) -> None:
    summary, rows = read(tmp_path, "events.xlsx", workbook({"Sheet1": ROWS}))
    assert summary.events == 1
    assert rows[0]["student_number"] == "26001000"
    assert rows[0]["at"] == "2026-10-05T09:03:00+01:00"
    assert rows[0]["count"] == "2"


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    content = workbook({"Read me": [["Invented"]], "Data": ROWS})
    summary, _ = read(tmp_path, "events.xlsx", content, Declared(sheet="Data"))
    assert summary.events == 1


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="Its sheets are: Data"):
        read(tmp_path, "events.xlsx", workbook({"Data": ROWS}), Declared(sheet="Other"))


@calm
@given(st.data())
def test_a_damaged_workbook_ends_in_rows_or_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    """The parts are damaged inside the archive, so the checks of the archive itself pass."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"Sheet1": ROWS}))) as whole,
        zipfile.ZipFile(out, "w") as damaged,
    ):
        hurt = data.draw(st.sampled_from(whole.namelist()))
        for name in whole.namelist():
            part = bytearray(whole.read(name))
            if name == hurt:
                at = data.draw(st.integers(0, len(part)))
                part[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
            damaged.writestr(name, bytes(part))
    try:
        read(tmp_path, "events.xlsx", out.getvalue())
    except FeedError as error:
        assert str(error).startswith("events.xlsx")  # noqa: PT017 -- most damage raises nothing


def test_a_blank_first_sheet_is_passed_over_and_other_sheets_are_named(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["student_number", "module", "family", "kind", "at"]]
    rows += [["26001000", "M1", "vle", "done", "2026-10-05"]]
    summary, _ = read(tmp_path, "a.xlsx", workbook({"Sheet1": [], "Data": rows}))
    assert summary.events == 1
    with pytest.raises(FeedError, match="sheets are Cover, Data"):
        read(tmp_path, "b.xlsx", workbook({"Cover": [["Report"]], "Data": rows}))
