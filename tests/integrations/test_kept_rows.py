"""Keeping a small school's files and rereading a large school's give the same results."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.activity import scratch_database
from integrations.activity.lake import Lake
from tests.integrations.small_lake import MISSED, SILENT, School, before, did, due, handed_in, write


def test_what_is_found_is_the_same_however_the_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = School(Lake(tmp_path / "lake [of * one?]"))
    seen = [did(student, before(day)) for student in (1, 2) for day in (1, 3, 20)]
    work = [due(student, before(10)) for student in (1, 2, 3, 4)]
    handed = [handed_in(1, before(12)), handed_in(2, before(130)), handed_in(4, before(9))]
    write(school.lake, [*seen, *work, *handed, did(3, before(30))])
    found = []
    for most in (scratch_database.KEPT_BYTES, 0):
        monkeypatch.setattr(scratch_database, "KEPT_BYTES", most)
        found.append((school.caught(SILENT), school.caught(MISSED)))
    assert found[0] == found[1]
    assert all(found[0])


def test_a_file_that_was_written_again_is_read_again_and_each_lake_has_its_own(
    tmp_path: Path,
) -> None:
    here, there = (School(Lake(tmp_path / name)) for name in ("here", "there"))
    days = [before(day) for day in (1, 3, 20)]
    write(here.lake, [did(student, day) for student in (1, 2) for day in days])
    write(there.lake, [did(1, day) for day in days])
    assert [each.students(SILENT) for each in (here, there, here)] == [[3, 4], [2, 3, 4], [3, 4]]
    write(here.lake, [did(3, before(day)) for day in (1, 3)])
    assert here.students(SILENT) == [1, 2, 4]
    write(here.lake, [did(4, before(1))])
    assert here.students(SILENT) == [1, 2]
