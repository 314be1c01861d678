"""OneRoster archives: people, classes and enrolments read, and data that is never stored."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.readers import oneroster
from integrations.feeds.formats.readers.roster_files import Delivered, RosterNumbers
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import write
from tests.integrations.formats.test_hostile import PIECES, calm

EXAMPLE = oneroster.FORMAT.example
NEW = RosterNumbers(level="undergraduate")


def _convert(
    folder: Path, text: str | bytes, known: RosterNumbers = NEW
) -> tuple[Delivered, dict[str, list[list[str]]]]:
    target = folder / "roster"
    target.mkdir(exist_ok=True)
    opened = open_file(write(folder / "archive", text), folder)
    assert oneroster.recognises(opened)
    found = oneroster.convert(opened, target, known, None)
    return found, {
        path.stem: list(csv.reader(path.read_text().splitlines())) for path in target.iterdir()
    }


def test_a_bulk_archive_becomes_a_roster(tmp_path: Path) -> None:
    found, files = _convert(tmp_path, EXAMPLE)
    assert files["modules"][1:] == [["M1", "Invented module", "SCI"]]
    assert files["students"][1][0] == "26001000"
    assert files["enrolments"][1:] == [["26001000", "M1", "2026-09-28", "", ""]]
    assert found.rejections.rows[0].line == 3


def test_no_password_and_no_telephone_number_is_written(tmp_path: Path) -> None:
    _, files = _convert(tmp_path, EXAMPLE)
    cells = {cell for rows in files.values() for row in rows for cell in row}
    assert not cells & {"Invented0!", "000"}


def test_in_a_delta_a_deletion_ends_the_enrolment(tmp_path: Path) -> None:
    delta = EXAMPLE.replace("bulk", "delta").replace(
        "e1,,,k1", "e1,tobedeleted,2026-10-09T02:00:00.000Z,k1"
    )
    _, files = _convert(tmp_path, delta, RosterNumbers(frozenset({"26001000"})))
    assert files["enrolments"][1:] == [["26001000", "M1", "2026-09-28", "2026-10-09", ""]]
    assert files["students"][1:] == []


def test_in_a_delta_a_person_who_is_deleted_leaves_what_they_were_on(tmp_path: Path) -> None:
    """The delta says nothing of their enrolments, which an earlier archive had."""
    delta = EXAMPLE.replace("bulk", "delta").replace(
        "26001000,,,TRUE", "26001000,tobedeleted,,TRUE"
    )
    started = {"M1": dt.date(2026, 9, 28), "M2": dt.date(2026, 9, 1)}
    known = RosterNumbers(frozenset({"26001000"}), enrolled={"26001000": started})
    delta = delta.partition("== enrollments.csv")[0]
    _, files = _convert(tmp_path, delta, known)
    assert files["enrolments"][1:] == [
        ["26001000", "M1", "2026-09-28", "", "withdrawn"],
        ["26001000", "M2", "2026-09-01", "", "withdrawn"],
    ]


@pytest.mark.parametrize(
    ("of_person", "of_enrolment", "status"),
    [
        ("tobedeleted", "active", "withdrawn"),
        ("active", "Deceased", "deceased"),
        ("deceased", "tobedeleted", "deceased"),
        ("active", "", ""),
    ],
)
def test_a_status_means_what_it_means_in_every_roster(
    tmp_path: Path, of_person: str, of_enrolment: str, status: str
) -> None:
    text = EXAMPLE.replace("26001000,,,TRUE", f"26001000,{of_person},,TRUE")
    text = text.replace("e1,,,k1", f"e1,{of_enrolment},,k1")
    _, files = _convert(tmp_path, text, RosterNumbers(frozenset({"26001000"})))
    assert files["enrolments"][1][4] == status


def test_a_status_that_is_not_understood_is_refused(tmp_path: Path) -> None:
    found, files = _convert(tmp_path, EXAMPLE.replace("e1,,,k1", "e1,perhaps,,k1"))
    assert files["enrolments"][1:] == []
    assert any("status is not understood" in reason for reason in found.refused)


def test_of_version_1_2_the_roles_are_in_a_file_of_their_own(tmp_path: Path) -> None:
    text = EXAMPLE.replace("oneroster.version,1.1", "oneroster.version,1.2")
    text = text.replace(",role,givenName", ",givenName").replace(",student,Ada", ",Ada")
    roles = "== roles.csv\nsourcedId,userSourcedId,roleType,role,orgSourcedId\n"
    found, files = _convert(tmp_path, f"{text}{roles}r1,26001000,primary,student,dep1\n")
    assert dict(found.roles) == {"student": 1}
    assert len(files["enrolments"]) == 2


def test_a_version_that_is_not_known_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="not of OneRoster"):
        _convert(tmp_path, EXAMPLE.replace("version,1.1", "version,9.9"))


@calm
@given(st.data())
def test_a_mutated_archive_ends_in_a_roster_or_a_sentence(
    tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(EXAMPLE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 12))] = data.draw(st.sampled_from(PIECES))
    folder = tmp_path / str(abs(hash(bytes(content))))
    folder.mkdir(exist_ok=True)
    try:
        archive = write(folder / "archive", bytes(content))
    except (OSError, ValueError):  # no file can have such a name
        reject()
    try:
        opened = open_file(archive, folder)
        if oneroster.recognises(opened):
            (folder / "roster").mkdir(exist_ok=True)
            oneroster.convert(opened, folder / "roster", NEW, None)
    except FeedError as error:
        assert str(error).isprintable()  # noqa: PT017 -- most mutations raise nothing
