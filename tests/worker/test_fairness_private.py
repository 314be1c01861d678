"""Groups and reports reveal no student's group: objection, erasure, restore and differences."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from store.tables import audit, quarantine
from tests.people import MORNING
from tests.worker.fairness_office import (
    EACH,
    PRIYA,
    SECRETS,
    groups_file,
    groups_kept,
    lantern,
    office,
    screened,
    year_is_over,
)
from tests.worker.office import Office, words
from worker.backup.make import make_backup
from worker.backup.restore import restore

__all__ = ["office"]


def test_an_objection_takes_the_groups_out_and_no_file_brings_them_back(
    office: Office, tmp_path: Path
) -> None:
    screened(office)
    file = groups_file(tmp_path)
    lantern(office, "ingest", file)
    assert "Recorded" in words(office.types("priya", "objection 3000").card)
    assert "already" in words(office.types("priya", "objection 3000").card)
    assert groups_kept(office) == 2 * EACH - 1
    again = lantern(office, "ingest", file)
    assert "1 student left out, since they objected" in again.text
    assert groups_kept(office) == 2 * EACH - 1

    ended = lantern(office, *("student", "objection", "3000", "--end"), "--officer", PRIYA)
    assert ended.code == 0, ended.text
    lantern(office, "ingest", file)
    assert groups_kept(office) == 2 * EACH
    actions = [row["action"] for row in office.world.rows(audit)]
    assert actions.count("object-to-groups") == actions.count("end-objection") == 1
    for name in ("lena", "alice", "max"):
        refused = words(office.types(name, "objection 3001").card)
        assert "data protection officer" in refused or "no command" in refused
    assert groups_kept(office) == 2 * EACH


def test_a_published_report_does_not_change_when_one_student_leaves_it(
    office: Office, tmp_path: Path
) -> None:
    """Otherwise the difference would reveal the group of the student who objected."""
    screened(office)
    lantern(office, "ingest", groups_file(tmp_path))
    year_is_over(office)
    before = words(office.types("lena", "fairness").card)
    office.types("priya", "objection 3000")
    office.asks("priya", "erase", values=_erasure(office, "3001"))
    other = {at: SECRETS[at % 2] for at in range(2 * EACH)}
    lantern(office, "ingest", groups_file(tmp_path, group=other))
    assert words(office.types("lena", "fairness").card) == before


def _erasure(office: Office, number: str) -> dict[str, str]:
    asked = words(office.types("priya", f"erase {number}").dialog)
    figure = asked.partition("hint='Type ")[2].partition("'")[0]
    return {"number": number, "why": "They asked for it in May", "confirm": figure}


def test_a_report_that_counts_almost_the_same_students_is_withheld(
    office: Office, tmp_path: Path
) -> None:
    """The next year's report covers the same students except one: the difference is withheld."""
    screened(office)
    lantern(office, "ingest", groups_file(tmp_path))
    year_is_over(office)
    office.types("lena", "fairness")
    office.types("priya", "objection 3000")
    office.clock.now = dt.datetime(2027, 9, 1, 9, 30, tzinfo=dt.UTC)
    said = words(office.types("lena", "fairness").card)
    assert "1 August 2026 to 31 July 2027" in said
    assert "Withheld, since figures could identify a student" in said
    assert "of about" not in said


def test_a_restore_undoes_no_objection_and_no_published_figure(
    office: Office, tmp_path: Path
) -> None:
    screened(office)
    lantern(office, "ingest", groups_file(tmp_path))
    made = make_backup(office.services, tmp_path / "backups")
    office.types("priya", "objection 3000")
    year_is_over(office)
    before = words(office.types("lena", "fairness").card)
    restore(office.services, made, replace=True)
    assert groups_kept(office) == 2 * EACH - 1
    assert words(office.types("lena", "fairness").card) == before


def test_an_erasure_and_a_subject_access_request_reach_groups(
    office: Office, tmp_path: Path
) -> None:
    lantern(office, "ingest", groups_file(tmp_path))
    to = tmp_path / "bundle"
    out = lantern(
        office,
        *(
            "student",
            "export",
            "3000",
            "--officer",
            PRIYA,
            "--why",
            "they asked for it in May",
            "--to",
            to,
        ),
    )
    assert out.code == 0, out.text
    assert any("Zephyrian" in path.read_text(encoding="utf-8") for path in to.rglob("*.html"))
    assert groups_kept(office) == 2 * EACH
    office.asks("priya", "erase", values=_erasure(office, "3000"))
    assert groups_kept(office) == 2 * EACH - 1
    again = lantern(office, "ingest", groups_file(tmp_path))
    assert "line 2: the student number is not on the roster" in again.text
    assert groups_kept(office) == 2 * EACH - 1


def test_groups_stand_nowhere_in_the_clear(
    office: Office, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    screened(office)
    file = groups_file(tmp_path, f"3000,{SECRETS[0]},home", f"9,{SECRETS[1]},home,{SECRETS[0]}")
    printed = lantern(office, "ingest", file).text
    printed += lantern(office, "ingest", file, "--dry-run").text
    feeds = office.services.settings.home / "feeds" / "moodle"
    feeds.mkdir(parents=True)
    (feeds / "groups.csv").write_bytes(file.read_bytes())
    office.services.queue.enqueue("screen", day=MORNING.date().isoformat())
    office.works()
    stored = json.dumps(office.world.dump(), default=str)
    kept = [path for path in office.services.settings.home.rglob("*") if path.is_file()]
    files = b"".join(path.read_bytes() for path in kept if path.parent != feeds)
    captured = capfd.readouterr()
    for secret in SECRETS:
        assert secret not in printed + stored + captured.out + captured.err
        assert secret.encode() not in files
    assert "is a file of groups" in stored, "and the night says that it was not loaded"
    assert office.world.rows(quarantine) == []
