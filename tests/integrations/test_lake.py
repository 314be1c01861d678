"""The lake keeps whole days, even if writing them is interrupted."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from integrations.activity.errors import LakeError
from integrations.activity.lake import Lake
from integrations.activity.lake_folders import SourceDay
from tests.integrations.small_lake import before, did, files_under, lake, unfinished, write

__all__ = ["lake"]


def test_writing_the_same_day_again_changes_no_byte(lake: Lake, tmp_path: Path) -> None:
    events = [did(student, before(1)) for student in range(500)]
    write(lake, events)
    first = files_under(tmp_path)
    write(lake, reversed(events))
    assert files_under(tmp_path) == first


def test_an_empty_day_counts_as_delivered(lake: Lake) -> None:
    write(lake, [did(1, before(5))], days=[("moodle", before(4))])
    assert lake.newest_days(before(1)) == {"moodle": before(4)}


def test_days_after_the_one_asked_about_do_not_count(lake: Lake) -> None:
    write(lake, [did(1, before(5)), did(1, before(1))])
    assert lake.newest_days(before(2)) == {"moodle": before(5)}


def test_a_source_that_never_delivered_is_not_there(lake: Lake) -> None:
    assert lake.newest_days(before(1)) == {}


@pytest.mark.parametrize("damage", [b"", b"no parquet at all", None], ids=["empty", "text", "cut"])
def test_a_damaged_file_is_set_aside_and_the_day_is_missing(
    lake: Lake, damage: bytes | None
) -> None:
    write(lake, [did(1, before(day)) for day in (3, 2, 1)])
    path = lake.path("moodle", before(2))
    path.write_bytes(path.read_bytes()[:-20] if damage is None else damage)
    assert lake.set_aside_damaged(before(9), before(1)) == (SourceDay("moodle", before(2)),)
    assert not path.exists()
    assert path.with_name(path.name + ".corrupt").exists()
    assert lake.damaged_days() == (SourceDay("moodle", before(2)),)
    assert lake.newest_days(before(1)) == {"moodle": before(3)}


def test_a_source_whose_only_day_is_damaged_is_stale_rather_than_unknown(lake: Lake) -> None:
    write(lake, [did(1, before(2))])
    lake.path("moodle", before(2)).write_bytes(b"?")
    lake.set_aside_damaged(before(9), before(1))
    assert lake.newest_days(before(1)) == {"moodle": before(3)}


def test_loading_a_damaged_day_again_heals_it(lake: Lake, tmp_path: Path) -> None:
    write(lake, [did(1, before(2)), did(1, before(1))])
    whole = files_under(tmp_path)
    lake.path("moodle", before(2)).write_bytes(b"?")
    lake.set_aside_damaged(before(9), before(1))
    write(lake, [did(1, before(2))])
    assert lake.damaged_days() == ()
    assert files_under(tmp_path) == whole


def test_old_damage_outside_the_days_looked_at_does_not_hold_a_source_back(lake: Lake) -> None:
    write(lake, [did(1, before(200)), did(1, before(1))])
    lake.path("moodle", before(200)).write_bytes(b"?")
    lake.set_aside_damaged(before(201), before(1))
    assert lake.newest_days(before(1), first=before(120)) == {"moodle": before(1)}


def test_a_file_that_cannot_be_opened_is_left_alone(lake: Lake) -> None:
    write(lake, [did(1, before(1))])
    path = lake.path("moodle", before(1))
    path.unlink()
    path.mkdir()
    with pytest.raises(LakeError, match=r"moodle/2025-11-16\.parquet cannot be opened"):
        lake.set_aside_damaged(before(9), before(1))
    assert path.exists()


def test_retention_removes_what_is_older(lake: Lake) -> None:
    write(lake, [did(1, before(3)), did(1, before(2)), did(1, before(1))])
    lake.path("moodle", before(3)).write_bytes(b"?")
    lake.set_aside_damaged(before(9), before(1))
    assert lake.remove_before(before(1)) == 2
    assert list(lake.files(dt.date.min, before(1))) == [SourceDay("moodle", before(1))]
    assert lake.damaged_days() == ()


@pytest.mark.parametrize("source", ["", "../x", "A", "a b", "-a", "a/b", "a" * 64])
def test_a_source_cannot_name_another_folder(lake: Lake, source: str) -> None:
    with pytest.raises(LakeError, match="small letters"):
        lake.path(source, before(1))


FULL_DISK = """
import resource
import sys
from pathlib import Path

from integrations.activity.errors import LakeError
from integrations.activity.lake import Lake
from tests.integrations.small_lake import before, did, write

lake = Lake(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    write(lake, [did(student * 7919 % 100_003, before(1)) for student in range(50_000)])
except LakeError as error:
    print(error)
else:
    print("written")
"""


@pytest.mark.parametrize("limit", [2_000, 1_000_000_000])
def test_a_full_disk_leaves_the_old_day_and_no_litter(
    lake: Lake, tmp_path: Path, limit: int
) -> None:
    write(lake, [did(1, before(1))])
    old = files_under(tmp_path)
    said = _in_process(FULL_DISK, str(tmp_path / "lake"), str(limit))
    assert unfinished(tmp_path / "lake") == []
    if limit < 1_000_000:
        assert "the disk is full" in said
        assert files_under(tmp_path) == old
    else:
        assert said == "written\n"


def test_a_full_disk_while_parquet_is_written(lake: Lake, tmp_path: Path) -> None:
    write(lake, [did(1, before(1))])
    old = files_under(tmp_path)
    script = FULL_DISK.replace(
        "    write(lake, [did(student * 7919 % 100_003, before(1)) for student in range(50_000)])",
        "    with lake.workspace() as work:\n"
        "        lake.replace_day(work, 'moodle', before(1), 'SELECT hash(i) FROM range(90000) "
        "AS t(i)')",
    )
    said = _in_process(script, str(tmp_path / "lake"), "50000")
    assert "moodle/2025-11-16.parquet could not be written: the disk is full" in said
    assert files_under(tmp_path) == old
    assert unfinished(tmp_path / "lake") == []


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_is_not(
    lake: Lake, tmp_path: Path
) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from integrations.activity.lake import Lake
        with Lake(Path(sys.argv[1])).workspace() as work:
            work.file(".parquet").write_bytes(b"half a file")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    root = tmp_path / "lake"
    with lake.workspace() as living:
        living.file(".csv").write_text("in use")
        subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(root)], check=False)
        assert len(unfinished(root)) == 2
        with lake.workspace():
            assert living.directory.name in unfinished(root)
            assert len(unfinished(root)) == 2
    assert unfinished(root) == []


def _in_process(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
