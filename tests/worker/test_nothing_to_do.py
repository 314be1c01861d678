"""A command with nothing to do names the first step, and does not end as if it had succeeded."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.settings import Settings
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import channels, identities, staff
from tests.bot.slack.campus import SlackCampus, slack_campus_in
from tests.worker.office import office_in
from worker.cli import main as cli
from worker.setup.channels import enrol_school, reopen_channels

Run = Callable[..., tuple[int, str]]

ROSTER = {
    "schools.csv": "code,name\nLANG,School of Languages\n",
    "staff.csv": "email,name,roles\nada@example.ac.uk,Ada Invented,LANG:engagement-lead\n",
}


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[SlackCampus]:
    with slack_campus_in(tmp_path / "home") as campus:
        yield campus


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def lantern(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Run:
    """Give a function that runs the command line and returns its exit code and output."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(home))
    monkeypatch.setattr(cli, "catch_what_nothing_caught", lambda: None)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["lantern", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), said.out + said.err

    return run


NO_SCHOOLS = "There are no schools yet. Load a roster first: lantern ingest roster"
NO_POLICY = "No school has a policy in force. Publish one: lantern policy publish"
NO_CHANNEL = "No school has a channel yet. Set one: lantern slack channel"
NO_STOP = "Emails of all schools are not stopped here"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("digest", NO_SCHOOLS),
        ("outreach report", NO_SCHOOLS),
        ("outreach start", NO_STOP),
        ("screen", "No school has a policy in force"),
        ("doctor", "no schools yet. Load a roster: lantern ingest roster FOLDER"),
        ("doctor slack", "SLACK_BOT_TOKEN is missing"),
        ("doctor teams", "TEAMS_CLIENT_ID is missing"),
        ("slack watch", "SLACK_BOT_TOKEN is missing"),
        ("slack enrol --school LANG", "SLACK_BOT_TOKEN is missing"),
        ("teams enrol --school LANG", "TEAMS_CLIENT_ID is missing"),
        ("teams reopen --school LANG", "TEAMS_CLIENT_ID is missing"),
        ("student receipt 7", "There is no erasure with that number"),
        ("feeds refused moodle", "There is no delivery from a source named moodle. There are none"),
        ("feeds list --source moodle", "There is no delivery from a source named moodle."),
        ("letters preview LANG-1", "There is no case LANG-1"),
        ("policy statement LANG", "There are no schools yet. Load a roster first"),
        ("worker", "REDIS_URL is missing"),
        ("clock", "REDIS_URL is missing"),
    ],
)
def test_on_an_empty_database_it_says_what_comes_first(lantern: Run, line: str, says: str) -> None:
    lantern("release")
    code, said = lantern(*line.split())
    assert code != 0
    assert says in said


def test_with_nothing_but_a_roster_it_names_the_next_step(
    lantern: Run, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "roster"
    folder.mkdir()
    for name, content in ROSTER.items():
        (folder / name).write_text(content)
    assert lantern("ingest", "roster", str(folder))[0] == 0
    for line, says in (("outreach report", NO_POLICY), ("doctor", "no school has a policy")):
        code, said = lantern(*line.split())
        assert code != 0, line
        assert says in said
    empty = tmp_path / "vle.csv"
    empty.write_text("student_number,module,family,kind,at\n")
    code, said = lantern("ingest", "events", str(empty), "--source", "vle")
    assert code != 0
    assert "Nothing was loaded." in said
    days = ("--from", "2026-10-05", "--to", "2026-10-06")
    assert lantern("ingest", "events", str(empty), "--source", "vle", *days)[0] == 0
    _change(home, "DELETE FROM channels")
    code, said = lantern("digest")
    assert code != 0
    assert NO_CHANNEL in said
    assert lantern("sweep") == (0, "All due work is done.\n")


@pytest.mark.parametrize(
    "line",
    [
        "cards preview --platform slack --out {file}",
        "slack manifest --out {below}",
        "outreach report --json {below}",
        "policy statement LANG --out {below}",
        "policy check {below}",
        "letters preview --file {folder}",
    ],
)
def test_a_file_that_cannot_be_read_or_written_is_named(
    lantern: Run, home: Path, tmp_path: Path, line: str
) -> None:
    with office_in(home):
        pass
    (tmp_path / "file").write_text("")
    places = {"file": tmp_path / "file", "below": tmp_path / "file" / "x", "folder": tmp_path}
    code, said = lantern(*line.format(**places).split())
    assert code == 2
    assert any(each.name in said for each in places.values()), said
    assert "Unexpected" not in said


@pytest.mark.parametrize("command", ["release", "web", "sweep", "audit verify", "audit export"])
def test_a_database_of_a_newer_version_is_told(lantern: Run, home: Path, command: str) -> None:
    """Such a database lacks what this program needs. One that only has more is accepted."""
    assert lantern("release")[0] == 0
    _change(home, "UPDATE alembic_version SET version_num = '9999'")
    _change(home, "ALTER TABLE sayings RENAME TO said")
    code, said = lantern(*command.split())
    assert code == 2
    assert said.startswith("The database is of a newer version of Lantern than this program; ")


@pytest.mark.parametrize(
    ("command", "ends"), [("release", 2), ("web", 2), ("sweep", 2), ("audit verify", 1)]
)
def test_an_audit_without_its_head_is_told(
    lantern: Run, home: Path, command: str, ends: int
) -> None:
    assert lantern("release")[0] == 0
    _change(home, "DELETE FROM audit_head")
    code, said = lantern(*command.split())
    assert code == ends
    assert said.removeprefix("The audit is broken.\n  ").startswith(
        "The head of the audit is missing from the database"
    )
    assert said.endswith("restore the newest backup into an empty database.\n")


@pytest.mark.parametrize("table", ["staff", "audit_head", "alembic_version"])
def test_a_table_that_was_taken_out_is_told_and_not_called_a_missing_migration(
    lantern: Run, home: Path, table: str
) -> None:
    assert lantern("release")[0] == 0
    (home / "lake" / "vle").mkdir(parents=True)
    _change(home, f"DROP TABLE {table}")
    code, said = lantern("sweep")
    assert code == 2
    assert said.startswith(f"In the database the table {table} is missing")
    assert said.endswith("restore the newest backup into an empty database.\n")


@pytest.mark.parametrize("key", ["audit.key", "encryption.key"])
def test_a_key_that_was_emptied_is_told(lantern: Run, home: Path, key: str) -> None:
    assert lantern("release")[0] == 0
    (home / "keys" / key).write_text("")
    code, said = lantern("sweep")
    assert code == 2
    assert f"keys/{key} in LANTERN_HOME no longer contains a key; put it back" in said


def _change(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "lantern.db")) as connection, connection:
        connection.execute(statement)


def test_who_enrols_no_one_is_told_why(campus: SlackCampus) -> None:
    services = campus.office.services
    with services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(identities).where(identities.c.platform == "slack"))
        work.connection.execute(sa.update(staff).values(email=staff.c.email + ".elsewhere"))
    none = enrol_school(services, campus.workspace, Platform.SLACK, "LANG")
    assert (none.added, none.ours) == (0, 0)
    assert "identify" in none.missing[0]
    with services.store.unit_of_work() as work:
        for row in campus.office.world.rows(staff):
            address = str(row["email"]).removesuffix(".elsewhere")
            change = sa.update(staff).where(staff.c.id == row["id"]).values(email=address)
            work.connection.execute(change)
    first = enrol_school(services, campus.workspace, Platform.SLACK, "LANG")
    again = enrol_school(services, campus.workspace, Platform.SLACK, "LANG")
    assert first.added == first.ours == again.ours > 0
    assert str(again).startswith("0 newly enrolled, ")


def test_a_school_without_a_channel_and_an_open_channel_are_told(campus: SlackCampus) -> None:
    services = campus.office.services
    with pytest.raises(InvalidInput, match="No channel of LANG is closed"):
        reopen_channels(services, campus.workspace, Platform.SLACK, "LANG")
    with services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(channels))
    for does in (enrol_school, reopen_channels):
        with pytest.raises(InvalidInput, match="no channel there yet"):
            does(services, campus.workspace, Platform.SLACK, "LANG")


def test_with_one_key_alone_it_is_said_how_to_replace_it(lantern: Run) -> None:
    code, said = lantern("keys", "rotate")
    assert code == 0
    assert "There is only one key, so none was replaced." in said
    assert "LANTERN_HOME/keys/encryption.key" in said
