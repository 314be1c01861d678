"""A second process in one place, or a backup inside the data that it copies, is refused."""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.rules.errors import InvalidInput
from tests.policy.doors import command_line
from tests.servers import free_port, redis_server
from tests.worker.erasures import fill_lake
from tests.worker.office import office_in
from tests.worker.starting import environment, start
from tests.worker.test_supervisor import PATIENCE, running
from worker.backup.make import PROTECTIONS, WHOLE, make_backup

UP = [sys.executable, "-m", "worker.cli.main", "up", "--workers", "1"]


def test_a_second_up_in_the_same_home_says_so_and_ends(tmp_path: Path) -> None:
    with redis_server() as url:
        settings = {"REDIS_URL": url, "PORT": str(free_port())}
        with running(UP, LANTERN_HOME=str(tmp_path), **settings) as (first, said):
            said.until(r"^web started")
            second = start(tmp_path, "up", **settings)
            assert second.code == 2
            assert f"another `lantern up`, process {first.pid}" in second.err
            assert len(second.err.splitlines()) == 1
            first.send_signal(signal.SIGTERM)
            assert first.wait(PATIENCE) == 0
        with running(UP, LANTERN_HOME=str(tmp_path), **settings) as (_, said):
            said.until(r"^web started")


def test_a_port_that_is_taken_ends_it_before_anything_starts(tmp_path: Path) -> None:
    with redis_server() as url:
        taken = url.rpartition(":")[2].partition("/")[0]
        done = start(tmp_path, "up", REDIS_URL=url, PORT=taken)
    assert done.code == 2
    assert done.err.startswith("The settings HOST and PORT cannot be used: ")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("kind", [WHOLE, PROTECTIONS])
@pytest.mark.parametrize("place", [".", "backups", "lake/below", "link"])
def test_a_backup_is_kept_out_of_the_home_that_it_is_of(
    tmp_path: Path, place: str, kind: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "link").symlink_to(home)
    with office_in(home) as office:
        before = sorted(home.rglob("*"))
        with pytest.raises(InvalidInput, match="is in LANTERN_HOME"):
            make_backup(office.services, home / place, kind)
        assert sorted(home.rglob("*")) == before
        assert make_backup(office.services, tmp_path / "home backups", kind).is_dir()


def test_the_keys_are_kept_out_of_it_too(tmp_path: Path) -> None:
    home, words = tmp_path / "home", tmp_path / "words"
    with office_in(home):
        pass
    words.write_text("a long and invented passphrase", encoding="utf-8")
    done = command_line(
        environment(home, {}),
        *("backup", str(tmp_path / "shelf"), "--keys", str(home / "kept")),
        *("--passphrase-file", str(words)),
    )
    assert done.code == 2
    assert "is in LANTERN_HOME" in done.err
    assert not (tmp_path / "shelf").exists()
    assert not (home / "kept").exists()


def test_an_empty_database_beside_an_old_lake_is_filled_from_a_backup_alone(
    tmp_path: Path,
) -> None:
    """The lake's numbers would stand for other students in a new database."""
    home = tmp_path / "home"
    with office_in(home) as office:
        office.world.open_case()
        fill_lake(office)
        made = make_backup(office.services, tmp_path / "shelf")
    settings = environment(home, {})
    for file in home.glob("lantern.db*"):
        file.unlink()

    for line in ("release", "feeds", "ingest groups.csv"):
        done = command_line(settings, *line.split())
        assert done.code == 2
        assert "put the database back with `lantern restore`" in done.err

    assert command_line(settings, "restore", made).code == 0
    assert command_line(settings, "feeds").code == 0
    with closing(sqlite3.connect(home / "lantern.db")) as found:
        assert found.execute("SELECT reference FROM cases").fetchall() == [("LANG-1",)]
