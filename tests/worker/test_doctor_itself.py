"""Plain ``lantern doctor``: what it prints, and that it fails where a student is invisible."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.worker.office import Office, office_in
from worker.doctor.checks import examine
from worker.doctor.findings import report


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        yield made


def printed(office: Office, capsys: pytest.CaptureFixture[str]) -> str:
    report(examine(office.services))
    return capsys.readouterr().out


def test_nothing_is_amiss(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.world.open_case()
    assert printed(office, capsys) == (
        "ok   0 students have an active flag and no open case, 0 of them unexplained\n"
    )


def test_each_student_is_explained(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.world.open_case()
    office.types("alice", "close LANG-1 meeting-held")
    said = printed(office, capsys)
    assert "1 student has an active flag and no open case, 0 of them unexplained" in said
    assert "LANG: LANG-1: in the time of grace after a closed case until Wednesday 5" in said
    assert "1001" not in said
    assert "Dana" not in said


def test_it_fails_where_one_is_not(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.world.open_case()
    office.types("alice", "close LANG-1 meeting-held")
    office.clock.now += dt.timedelta(days=40)
    with pytest.raises(typer.Exit) as failed:
        report(examine(office.services))
    assert failed.value.exit_code == 1
    said = capsys.readouterr().out
    assert "FAIL 1 student has an active flag and no open case, 1 of them unexplained." in said
    assert "FAIL   LANG: LANG-1: unexplained" in said
