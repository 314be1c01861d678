"""Extracts of a student record system, by a mapping that is drafted and confirmed by a person."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from integrations.feeds.formats.files.opening import Opened, open_file
from integrations.feeds.formats.mappings.drafting import draft_mapping
from integrations.feeds.formats.mappings.mapping import load_mappings
from integrations.feeds.formats.readers.roster_files import Delivered, RosterNumbers
from integrations.feeds.formats.registry import recognise, recognise_roster
from integrations.feeds.text_files import FeedError

# In the columns of SITS as universities publish them; the rows are invented.
SITS = """SPR_CODE|STU_CODE|STU_SURN|STU_FNM1|STU_CAEM|SCE_CRSC|SCE_AYRC|SCE_STAC|SCE_STAD
26001000/1|26001000|Example|Ada|u1000@student.uni.example|BSC1|2026/7|WD|28/Sep/2026
26001000/2|26001000|Example|Ada|u1000@student.uni.example|BA2|2026/7|C|28/Sep/2026
26001001/1|26001001|Example|Zo\xeb|u1001@student.uni.example|BSC1|2026/7|C|28/Sep/2026
26001002/1|26001002|Example|Bea|u1002@student.uni.example|BSC1|2026/7|IS|28/Sep/2026
26001003/1|26001003|Example|Cy|u1003@student.uni.example|BSC1|2026/7|?|28/Sep/2026
"""
STARTED = {"26001002": {"M1": dt.date(2026, 9, 28)}}
KNOWN = RosterNumbers(frozenset({"26001000", "26001002"}), level="undergraduate", enrolled=STARTED)


def _opened(folder: Path) -> Opened:
    (folder / "sits.txt").write_bytes(SITS.encode("cp1252"))
    return open_file(folder / "sits.txt", folder)


def _confirm(folder: Path, **answers: str) -> None:
    text = draft_mapping(_opened(folder)).replace("confirmed = false", "confirmed = true")
    for name, answer in answers.items():
        text = text.replace(f'{name} = "?"', f'{name} = "{answer}"')
        text = text.replace(f'"{name}" = "?"', f'"{name}" = "{answer}"')
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "sits.toml").write_text(text.replace('"?" = "?"\n', ""))


def _convert(folder: Path) -> tuple[Delivered, dict[str, list[list[str]]]]:
    opened = _opened(folder)
    reader = recognise_roster(opened, load_mappings(folder / "mappings"))
    assert reader
    found = reader.convert(opened, folder, KNOWN, None)
    tables = ("students", "enrolments")
    return found, {
        name: list(csv.reader((folder / f"{name}.csv").read_text().splitlines()))[1:]
        for name in tables
    }


def test_the_draft_finds_the_columns_and_leaves_what_only_a_person_knows(tmp_path: Path) -> None:
    text = draft_mapping(_opened(tmp_path))
    for line in ('number = "STU_CODE"', 'status = "SCE_STAC"', '"C" = "current"', '"IS" = "?"'):
        assert line in text
    assert not any(word in text for word in ("2600", "Ada", "u1000"))
    assert recognise_roster(_opened(tmp_path), load_mappings(tmp_path)) is None


def test_new_students_come_and_those_who_left_end_their_enrolments(tmp_path: Path) -> None:
    _confirm(tmp_path, home_school="SCI", IS="interrupted")
    found, files = _convert(tmp_path)
    assert files["students"] == [
        [
            "26001001",
            "Zo\xeb",
            "Example",
            "undergraduate",
            "BSC1",
            "SCI",
            "u1001@student.uni.example",
        ]
    ]
    assert files["enrolments"] == [["26001002", "M1", "2026-09-28", "", "interrupted"]]
    assert found.refused == {"the status is not in the mapping": 1}
    assert "3 people: 2 current, 1 interrupted." in " ".join(found.notes())


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"IS": "interrupted"}, "home_school"),
        ({"home_school": "SCI"}, "what a status means is still open"),
    ],
)
def test_what_is_open_is_asked_for(tmp_path: Path, answers: dict[str, str], fault: str) -> None:
    _confirm(tmp_path, **answers)
    with pytest.raises(FeedError, match=fault):
        recognise(_opened(tmp_path), load_mappings(tmp_path / "mappings"))
