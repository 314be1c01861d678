"""Each example is recognised as its own format only, read, and free of private data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integrations.feeds import formats
from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.model import Format
from integrations.feeds.formats.registry import FORMATS, ROSTERS
from tests.completeness.walking import modules_of
from tests.integrations.formats.reading import NUMBERS, declared, read, write

PRIVATE = re.compile(r"example|invented|ada|10\.0\.0|@|student\.uni|staff", re.IGNORECASE)
"""Names, titles and addresses of people and machines in the examples."""

each_format = pytest.mark.parametrize("reader", FORMATS, ids=lambda each: each.key)


@each_format
def test_an_example_is_recognised_by_its_own_format_alone(reader: Format, tmp_path: Path) -> None:
    path = write(tmp_path / reader.example_name, reader.example)
    opened = open_file(path, tmp_path)
    assert [each.key for each in FORMATS if each.recognises(opened)] == [reader.key]


@each_format
def test_an_example_yields_events_of_known_students(reader: Format, tmp_path: Path) -> None:
    summary, rows = read(tmp_path, reader.example_name, reader.example, declared(reader))
    assert summary.events > 0
    assert {row["student_number"] for row in rows} <= set(NUMBERS)
    assert not summary.refused, summary.refused


@each_format
def test_nothing_private_enters_the_rows(reader: Format, tmp_path: Path) -> None:
    _, rows = read(tmp_path, reader.example_name, reader.example, declared(reader))
    assert not [value for row in rows for value in row.values() if PRIVATE.search(value)]


@each_format
def test_the_line_of_a_refused_row_is_the_files_own_and_the_reason_quotes_nothing(
    reader: Format, tmp_path: Path
) -> None:
    unknown = reader.example
    for number in ("26001000", "26001001", "4100", "4101", "u1000", "u1001", "1000"):
        unknown = unknown.replace(number, "9988776")
    summary, rows = read(tmp_path, reader.example_name, unknown, declared(reader))
    assert not rows
    assert summary.rejections.total > 0
    for row in summary.rejections.rows:
        assert 1 <= row.line <= len(unknown.splitlines())
        assert not re.search(r"9988776|@", row.reason)


def test_every_format_that_is_written_is_in_the_registry() -> None:
    written = [
        each
        for module in modules_of(formats)
        for each in vars(module).values()
        if isinstance(each, Format)
    ]
    assert {each.key for each in written} == {each.key for each in (*FORMATS, *ROSTERS)}


def test_no_two_formats_share_a_key_or_an_example() -> None:
    assert len({each.key for each in FORMATS}) == len(FORMATS)
    assert len({each.example_name for each in FORMATS}) == len(FORMATS)
