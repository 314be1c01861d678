"""An operator's mistake ends in one sentence that names it, and in an exit code."""

from __future__ import annotations

import os
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import redis
import sqlalchemy as sa

from integrations.activity.errors import no_room
from integrations.fault_sentences import REDIS_CERTIFICATE, fault_sentence
from integrations.settings import WrongSetting, load_settings
from store.db.fault_sentences import AWAY
from tests.policy.doors import command_line
from tests.worker.office import office_in
from worker.cli.common import text_of
from worker.jobs.schools.feeds_folder import found_in

LANTERN = [sys.executable, "-m", "worker.cli.main"]
TOP = Path(__file__).parents[2]


def _env_folder(folder: Path) -> None:
    (folder / ".env").mkdir()


def _events_folder(folder: Path) -> None:
    (folder / "events").mkdir()


def _link_to_itself(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")


def _two_values(folder: Path) -> None:
    (folder / ".env").write_text("PORT=8801\nHOST=127.0.0.1\nPORT=8802\n")


def _saved_with_a_mark(folder: Path) -> None:
    """Notepad writes a byte order mark into UTF-8: the first setting still counts."""
    (folder / ".env").write_text("PORT=eight\n", encoding="utf-8-sig")


def _shared_database(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "shared.db")) as other, other:
        other.execute("CREATE TABLE invoices (number TEXT)")
    (folder / ".env").write_text(f"DATABASE_URL=sqlite:///{folder}/shared.db\n")


def _other_migrations(folder: Path) -> None:
    _shared_database(folder)
    with closing(sqlite3.connect(folder / "shared.db")) as other, other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("INSERT INTO alembic_version VALUES ('5f2c')")


MISTAKES: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "a folder in place of the settings": ("feeds", _env_folder, ".env in this folder is a folder"),
    "a folder in place of a file": (
        "ingest events events --source vle",
        _events_folder,
        "events cannot be opened: Is a directory",
    ),
    "a link to itself": (
        "ingest events loop --source vle",
        _link_to_itself,
        "A symbolic link leads back to itself; remove the link",
    ),
    "two values of a setting": (
        "feeds",
        _two_values,
        "PORT has two values, in lines 1 and 3 of the file .env in this folder; leave one out.",
    ),
    "a settings file with a byte order mark": (
        "feeds",
        _saved_with_a_mark,
        "PORT cannot be used: it must be an integer",
    ),
    "a database of another program": (
        "release",
        _shared_database,
        "holds tables of another program; set DATABASE_URL",
    ),
    "a database that another program migrates": (
        "feeds",
        _other_migrations,
        "holds tables of another program; set DATABASE_URL",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    line, prepare, said = MISTAKES[mistake]
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)

    done = command_line({"LANTERN_HOME": str(tmp_path / "home")}, *line.split())

    assert done.code == 2
    assert said in done.err
    assert "Abort" not in done.err
    assert "Traceback" not in done.err
    assert _tables_of(tmp_path / "shared.db") <= {"invoices", "alembic_version"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("init", "lantern init --answers answers.toml"),
        ("backup shelf --keys keys", "--passphrase-file"),
    ],
)
def test_what_asks_says_so_where_there_is_no_terminal(tmp_path: Path, line: str, said: str) -> None:
    with office_in(tmp_path / "home"):
        pass  # now there is a database to back up
    done = subprocess.run(
        [*LANTERN, *line.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TOP), "LANTERN_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )

    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert said in sentence


def _tables_of(file: Path) -> set[str]:
    if not file.exists():
        return set()
    with closing(sqlite3.connect(file)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


@pytest.mark.parametrize("kind", ["pipe", "loop"])
def test_what_is_no_file_in_a_feed_is_listed_and_keeps_the_night_waiting_for_nothing(
    tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "feeds" / "vle"
    folder.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(folder / "events.csv")
    else:
        (folder / "events.csv").symlink_to("events.csv")
    (found,) = found_in(tmp_path / "feeds")
    assert "events.csv is not a file" in found.why_not


def test_a_policy_that_notepad_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("code = 'LANG'\n", encoding="utf-8-sig")
    assert text_of(tmp_path / "policy.toml") == "code = 'LANG'\n"


@pytest.mark.parametrize("name", ["ssl_ca_certs", "ssl_certfile"])
def test_a_certificate_for_redis_is_tried_at_the_start(tmp_path: Path, name: str) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(WrongSetting, match=f"REDIS_URL cannot be used: its .*{name}"):
        load_settings(redis_url=f"rediss://127.0.0.1:1/0?{name}={tmp_path / 'ca.pem'}")


def test_a_certificate_of_redis_that_is_not_accepted_says_where_to_name_its_authority() -> None:
    error = ssl.SSLCertVerificationError("[SSL: CERTIFICATE_VERIFY_FAILED] invented")
    assert (
        fault_sentence(redis.ConnectionError(f"Error 1 connecting. {error}")) == REDIS_CERTIFICATE
    )


def test_a_host_whose_name_looks_like_an_error_is_away() -> None:
    said = "failed to resolve host 'invalid.example': Name or service not known"
    assert fault_sentence(sa.exc.OperationalError("", {}, Exception(said))) == AWAY


def test_a_lake_that_may_not_be_read_is_not_called_full() -> None:
    refused = duckdb.IOException("Cannot open file: Permission denied")
    assert "the right to read and write" in str(no_room("roster.parquet", refused))
    full = duckdb.IOException("No space left on device")
    assert "make room" in str(no_room("roster.parquet", full))


def test_a_file_in_place_of_the_feeds_is_listed(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("")
    (found,) = found_in(tmp_path / "feeds")
    assert "is a file" in found.why_not


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "pipe", "--dry-run"),
        ("ingest", "pipe", "--source", "vle"),
        ("ingest", "pipe", "--map"),
        ("ingest", "events", "pipe", "--source", "vle"),
        ("ingest", "groups", "pipe"),
    ],
    ids=" ".join,
)
def test_a_pipe_is_refused_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    done = command_line({**os.environ, "LANTERN_HOME": str(tmp_path / "home")}, *words)
    assert done.code == 2
    assert "pipe is a pipe or a device, and Lantern reads files. Save what comes" in done.err
