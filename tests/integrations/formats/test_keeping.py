"""What is kept of a file of each format gives the same rows again, and holds nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from integrations.feeds.formats.files.opening import Opened, open_file
from integrations.feeds.formats.keeping import Statements, kept_records, write_again
from integrations.feeds.formats.matching import loading
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Declared, Format
from integrations.feeds.formats.registry import FORMATS
from tests.integrations.formats.reading import declared, roster, write

PRIVATE = "hunter2"


def _with_private(text: str) -> str:
    """Add a column, or a field of each object, that no reader declares."""
    if text.startswith(("{", "[")):
        return text.replace("{", f'{{"password": "{PRIVATE}", ')
    lines = text.splitlines()
    mark = "\t" if any("\t" in line for line in lines) else ","
    return "\n".join(f"{line}{mark}{PRIVATE}" if mark in line else line for line in lines) + "\n"


def _rows(opened: Opened, reader: Format, said: Declared) -> tuple[Summary, list[str]]:
    out = io.StringIO(newline="")
    summary = loading.read_events(opened, reader, said, roster("M1"), out)
    return summary, out.getvalue().splitlines()


@pytest.mark.parametrize("reader", [f for f in FORMATS if f.keeps], ids=lambda f: f.key)
def test_the_same_rows_come_of_what_is_kept(reader: Format, tmp_path: Path) -> None:
    said = declared(reader)
    path = write(tmp_path / reader.example_name, _with_private(reader.example))
    opened = open_file(path, tmp_path)
    summary, rows = _rows(opened, reader, said)
    assert summary.events
    people = roster("M1").people
    kept = list(kept_records(opened, reader, said, summary.fates, people.named, Statements()))
    again = Opened(write_again([text for *_, text in kept], tmp_path / "again"), "again")
    if not again.is_json:
        again.separator = ","
    second, rows_again = _rows(again, reader, said)
    assert rows_again == rows
    assert second.refused == summary.refused
    whole = again.path.read_text(encoding="utf-8")
    assert PRIVATE not in whole
    assert "Example" not in whole, "names of people"


def test_a_table_without_headings_is_not_kept(tmp_path: Path) -> None:
    reader = next(each for each in FORMATS if each.key == "moodle")
    description = "The user with id '4100' viewed the course."
    row = ["5/10/26, 09:00", "Ada Example", "-", "Course", "System", "Viewed", description, "web"]
    path = tmp_path / "log.json"
    path.write_text(json.dumps([[row]]))
    opened = open_file(path, tmp_path)
    summary, _ = _rows(opened, reader, declared(reader))
    people = roster("M1").people
    of = summary.fates
    assert not list(kept_records(opened, reader, Declared(), of, people.named, Statements()))
