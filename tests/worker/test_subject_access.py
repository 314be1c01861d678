"""A student's export holds all data about them, and no other person's (§28)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from integrations.activity.one_student import ActivityRow, activity_of
from store.actions.privacy.export_student import export_student
from store.actions.students.request_absence import request_absence
from store.queries.privacy.held import held_on
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.students.absences import AbsenceAsked, Document, DocumentKind
from store.rules.students.third_parties import ThirdParties
from store.tables import exports, harm_marks, student_keys, students, views
from tests.people import LANGUAGES
from tests.store.filled import CANARY, fill, hanging
from tests.worker.erasures import joins, much_is_written
from tests.worker.office import Office, office_in
from worker.cli.main import app
from worker.student_bundle import write_bundle

INTERNAL = {"key", "idem_key", "conversation", "message", "message_id", "provider_ref"}
INTERNAL |= {
    "mark",
    "lease_by",
    "content_hash",
    "opened_hash",
    "body_hash",
    "evidence_hash",
    "group_key",
}
OTHERS = ("Mira", "Bob", "bob@", "Alice", "alice@", "Sana", "1002")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        joins(made, "priya", LANGUAGES)
        yield made


def test_a_document_that_the_student_sent_is_a_file_of_its_own(
    office: Office, tmp_path: Path
) -> None:
    world, paper = office.world, Document(DocumentKind.PDF, b"%PDF-1.4 \xff %%EOF")
    day = world.today
    asked = AbsenceAsked(world.student("dana"), day, day, "My sister marries.", paper)
    request_absence(world.store, asked, "k")
    export = export_student(world.store, world.by("priya"), "1001", "Asked for it by email")
    paths = write_bundle(tmp_path / "bundle", export, ())
    assert (tmp_path / "bundle" / "document-1.pdf") in paths
    assert (tmp_path / "bundle" / "document-1.pdf").read_bytes() == paper.content
    told = (tmp_path / "bundle" / "export.json").read_text("utf-8")
    (row,) = json.loads(told)["tables"]["absence_requests"]
    assert (row["document"], row["reason"]) == ("document-1.pdf", "My sister marries.")


def test_every_text_of_every_table_is_in_it(office: Office) -> None:
    """A text is planted in each column of each table that depends on a student, known or new."""
    student, case = office.world.student("dana"), office.world.open_case("dana")
    store = office.world.store
    with store.database.write() as connection:
        named = fill(connection, student, case)
        held = held_on(connection, student)
    # Marks that words may do serious harm are for the officer alone.
    assert set(held.tables) == set(named) - {student_keys.name, harm_marks.name}
    told = json.dumps(dict(held.tables), default=str)
    planted = {
        f"{CANARY} {table.name}.{column.name}"
        for table in hanging()
        if table not in (student_keys, harm_marks)
        for column in table.columns
        if isinstance(column.type, sa.Text) and column.name not in INTERNAL
    }
    with store.database.read() as connection:
        there = {
            word
            for table in hanging()
            for row in connection.execute(sa.select(table))
            for word in planted
            if any(word == value for value in row)
        }
    assert len(there) > 40
    assert [word for word in sorted(there) if word not in told] == []


def test_the_bundle_is_whole_and_names_no_one_else(office: Office, tmp_path: Path) -> None:
    much_is_written(office)
    store, officer = office.world.store, office.world.by("priya")
    found = export_student(store, officer, "1001", "Asked for under Article 15")
    row = ActivityRow(office.world.today, "vle", "=1+1", "vle", "", 0, 3)
    html, packed, _, chart, activity, _ = write_bundle(tmp_path / "out", found, [row])
    page, whole = html.read_text(), json.loads(packed.read_text())
    for word in ("Dana", "Dvorak", "answer from me", "call log", "attempt", "in the thread"):
        assert word in page, word
        assert word in packed.read_text(), word
    for other in OTHERS:
        assert other not in page, other
    assert "a colleague (adviser)" in page
    assert whole["number"] == "1001"
    assert [each["why"] for each in whole["tables"]["exports"]] == ["Asked for under Article 15"]
    with activity.open(newline="") as file:
        assert list(csv.reader(file))[1][2] == "'=1+1"
    drawn = ElementTree.fromstring(chart.read_text())  # noqa: S314 -- our own file
    (column,) = drawn.iter("{http://www.w3.org/2000/svg}rect")
    assert column.attrib["height"] == "60.0"
    assert {each.stat().st_mode & 0o777 for each in html.parent.iterdir()} == {0o600}
    with pytest.raises(InvalidInput, match="not empty"):
        write_bundle(tmp_path / "out", found, [])


def test_only_the_officer_gathers_it_and_says_why(office: Office) -> None:
    store, by = office.world.store, office.world.by
    for who in ("alice", "lena", "bob"):
        with pytest.raises(NotAllowed):
            export_student(store, by(who), "1001", "Asked for it")
    for number, why in (("1001", ""), ("4711", "Asked for it")):
        with pytest.raises(InvalidInput):
            export_student(store, by("priya"), number, why)
    assert office.world.rows(exports) == []


def test_activity_is_read_for_this_student_alone(office: Office) -> None:
    lake, day = office.services.lake, office.world.today
    with lake.workspace() as work:
        rows = "FROM (VALUES (7, 'M1', 'vle', NULL, 0, 3), (8, 'M1', 'vle', NULL, 0, 9))"
        rows += " AS t (student, module, family, item, expected, done)"
        lake.replace_day(work, "vle", day, rows)
    assert list(activity_of(lake, 7)) == [ActivityRow(day, "vle", "M1", "vle", "", 0, 3)]
    assert list(activity_of(lake, 9)) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Saw Mira Moss today", "Saw [another student] today"),
        ("MIRA  moss's sister, mira@x.example.", "[another student]'s sister, [another student]."),
        ("(Mira Moss) and 1002!", "([another student]) and [another student]!"),
        ("Miranda Mosse, 10021", "Miranda Mosse, 10021"),
        ("Mira alone", "Mira alone"),
        ("", ""),
    ],
)
def test_another_person_is_taken_out_as_whole_words(text: str, left: str) -> None:
    said = dict.fromkeys(("Mira Moss", "mira@x.example", "1002"), "another student")
    assert ThirdParties(said).taken_out(text)[0] == left


@pytest.mark.parametrize("taken", ["folder with a file", "file"])
def test_an_export_that_has_nowhere_to_go_is_not_recorded(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    to = tmp_path / "export"
    (to if taken == "file" else to / "older.txt").parent.mkdir(exist_ok=True)
    (to if taken == "file" else to / "older.txt").write_text("an older one")
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    asked = ["student", "export", "1001", "--officer", "priya@example.ac.uk"]
    done = CliRunner().invoke(app, [*asked, "--why", "Subject access request", "--to", str(to)])
    assert isinstance(done.exception, InvalidInput)
    assert "--to" in done.exception.sentence
    assert office.world.rows(exports) == []


WROTE = "Wrote from {}, as did {} (mum@home.example, 07700 900123). Mira knows."


def test_what_siblings_share_stays_in_each_ones_own_record(office: Office, tmp_path: Path) -> None:
    """An address that two students share is in both records, and reveals neither to the other."""
    world, shared = office.world, "family@home.example"
    twin = {"number": "1003", "given_name": "Anna", "family_name": "Maria"}
    with world.store.database.write() as connection:
        connection.execute(sa.update(students).values(personal_email=shared))
        row = connection.execute(sa.select(students).where(students.c.number == "1001")).one()
        named = {**row._asdict(), **twin, "personal_email": shared.title()}
        del named["id"]
        connection.execute(sa.insert(students).values(**named))
        connection.execute(
            sa.update(students).where(students.c.number == "1001").values(family_name="Anna Maria")
        )
    case = world.open_case("dana")
    world.give_view(case, "bob")
    with world.store.database.write() as connection:
        connection.execute(sa.update(views).values(reason=WROTE.format(shared, "Mira Moss")))
    found = export_student(world.store, world.by("priya"), "1001", "Asked for it")
    (own,) = found.held.tables["students"]
    assert (own["personal_email"], own["family_name"]) == (shared, "Anna Maria")
    (view,) = found.held.tables["views"]
    left = WROTE.replace("mum@home.example", "[an email address]")
    left = left.replace("07700 900123", "[a telephone number]")
    assert view["reason"] == left.format(shared, "[another student]")
    *_, taken_out = write_bundle(tmp_path / "out", found, [])
    place = "What colleagues thought,1,Reason"
    assert [line.removeprefix(f"{place},") for line in taken_out.read_text().splitlines()[1:]] == [
        "Mira Moss,another student,another student's data",
        "mum@home.example,an email address,an address of someone else",
        "07700 900123,a telephone number,a number of someone else",
        "Mira,,still there: a part of the name of a colleague or of someone on the same module",
    ]
