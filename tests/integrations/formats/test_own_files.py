"""What ``lantern formats`` says of Lantern's own files is what their readers take."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from integrations.feeds.events_csv import LAYOUT
from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.model import Format
from integrations.feeds.formats.readers import events, groups, roster
from integrations.feeds.formats.registry import FORMATS, ROSTERS, recognise
from integrations.feeds.groups import read_groups
from integrations.feeds.roster.csv_folder import read_roster
from integrations.feeds.student_numbers import KnownNumbers
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import read, write

ANY_OTHER = "any other"
Files = Mapping[str, str]


def _roster(files: Files, folder: Path) -> int:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_roster(folder).rejected_total


def _events(files: Files, folder: Path) -> int:
    summary, _ = read(folder, "events.csv", files["events.csv"])
    return summary.rejections.total


def _groups(files: Files, folder: Path) -> int:
    path = write(folder / "groups.csv", files["groups.csv"])
    return read_groups(path, KnownNumbers(["26001001", "26001002", "26001003"])).rejections.total


READERS: Mapping[str, Callable[[Files, Path], int]] = {
    roster.FORMAT.key: _roster,
    events.FORMAT.key: _events,
    groups.FORMAT.key: _groups,
}
"""Each format of our own → its reader, which returns the number of rows left out."""
OWN = [each for each in (*FORMATS, *ROSTERS) if each.files]


@pytest.mark.parametrize("reader", OWN, ids=lambda each: each.key)
def test_the_columns_that_are_needed_are_those_without_which_a_file_is_refused(
    reader: Format, tmp_path: Path
) -> None:
    files = _files_of(reader)
    assert files.keys() == {file.name for file in reader.files}
    read_by = READERS[reader.key]
    assert read_by(files, tmp_path) == 0
    for file in reader.files:
        header = files[file.name].partition("\n")[0].split(",")
        named = {column.name for column in file.columns} - {ANY_OTHER}
        assert named == set(header) or (ANY_OTHER in file.required and named <= set(header))
        for column in named:
            less = {**files, file.name: _without(files[file.name], column)}
            if column in file.required:
                with pytest.raises(FeedError):
                    read_by(less, tmp_path)
            else:
                read_by(less, tmp_path)


def test_either_reader_of_events_takes_the_same_columns() -> None:
    (file,) = events.FORMAT.files
    assert (LAYOUT.required, LAYOUT.optional) == (file.required, file.optional)


@pytest.mark.parametrize("name", ["students.csv", ""])
def test_a_roster_given_as_one_file_is_sent_to_its_own_command(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "delivered", roster.FORMAT.example)
    with pytest.raises(FeedError, match="lantern ingest roster FOLDER"):
        recognise(open_file(folder / name, tmp_path))


def _files_of(reader: Format) -> dict[str, str]:
    if not reader.example.startswith("== "):
        return {reader.example_name: reader.example}
    parts = reader.example.removeprefix("== ").split("\n== ")
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


def _without(text: str, column: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    kept = [name for name in rows[0] if name != column]
    writer = csv.DictWriter(out, kept, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
