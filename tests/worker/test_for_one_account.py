"""Lantern's files are for its own account only: 0600 in 0700, whatever the account's umask."""

import os
import shlex
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations import keys
from integrations.settings import load_settings
from tests.policy.doors import command_line
from tests.worker.office import Office
from worker.doctor import machine

ROSTER = {
    "schools.csv": "code,name\nLANG,School of Languages\n",
    "modules.csv": "code,title,school\nFR101,French for beginners,LANG\n",
    "students.csv": "number,given_name,family_name,level,programme,home_school\n"
    "1001,Dana,Dvorak,undergraduate,R100,LANG\n",
    "enrolments.csv": "number,module,starts\n1001,FR101,2026-09-21\n",
}
EVENTS = "student_number,module,family,kind,at\n1001,FR101,vle,done,2026-10-12T09:00:00\n"


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_home_is_closed_to_other_accounts(tmp_path: Path) -> None:
    home, given = tmp_path / "home", tmp_path / "given"
    (given / "roster").mkdir(parents=True)
    for name, text in ROSTER.items():
        (given / "roster" / name).write_text(text)
    (given / "vle.csv").write_text(EVENTS)
    environment = {**os.environ, "LANTERN_HOME": str(home)}
    for words in (
        ("ingest", "roster", given / "roster"),
        ("ingest", "events", given / "vle.csv", "--source", "vle"),
    ):
        assert command_line(environment, *words).code == 0
    assert (home / "lantern.db").exists()
    assert list((home / "lake").rglob("*.parquet"))
    assert open_to_others(home) == []
    assert os.umask(0o022) == 0o022, "what the caller writes is the caller's own affair"


def test_the_keys_may_come_first_as_in_the_set_up(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    keys.audit_key(settings)
    keys.encryption_keys(settings)
    assert open_to_others(tmp_path / "home") == []


def open_to_others(home: Path) -> list[str]:
    return [
        f"{each}: {stat.S_IMODE(each.stat().st_mode):o}"
        for each in (home, *home.rglob("*"))
        if each.stat().st_mode & 0o077
    ]


def test_the_doctor_says_how_to_close_a_home_of_an_earlier_version(office: Office) -> None:
    home = office.services.settings.home
    home.chmod(0o755)
    (found,) = machine.check_access(office.services)
    assert found.is_fine is False
    assert f"Type: chmod -R go= {home}" in found.sentence
    said = shlex.split(found.sentence.partition("Type: ")[2])
    subprocess.run(said, check=True)
    (found,) = machine.check_access(office.services)
    assert found.is_fine is True
