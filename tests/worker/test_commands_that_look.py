"""Only ``release`` and ``up`` migrate a database, and a command that looks makes none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.main import get_command

from store.db.database import Database
from store.db.fault_sentences import OLDER
from tests.policy.doors import command_line
from tests.worker.office import office_in
from worker.cli.main import app

MIGRATE = {"release", "up"}
NO_DATABASE = {
    "init", "restore", "formats", "policy new", "policy check", "policy diff", "policy simulate",
    "cards preview", "evaluate oulad", "letters preview", "slack manifest", "teams package",
    "student export", "student decide",
}  # fmt: skip
"""What needs no database, or refuses these words before it opens one."""
SERVE = {"demo", "sandbox"}
"""What serves an invented school from a folder of its own until it is stopped."""
LOOK = (
    "doctor",
    "doctor slack",
    "doctor teams",
    "doctor graph",
    "audit verify",
    "audit export",
    "backup ../shelf",
)


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, each in getattr(group, "commands", {}).items():
        words = f"{before} {name}".strip()
        if not hasattr(each, "commands") or each.invoke_without_command:
            yield words, each
        yield from _commands(each, words)


def _values(command: Any, file: Path) -> Iterator[str]:
    """Yield a value for each argument and option without which the command is refused."""
    for each in command.params:
        if not each.required:
            continue
        if each.opts[0].startswith("-"):
            yield each.opts[0]
        kind = each.type_descriptor.annotation
        if issubclass(kind, Enum):
            yield str(next(iter(kind)))
        else:
            yield {Path: str(file), int: "1", dt.datetime: "2026-10-01"}.get(kind, "anything")


def _step(url: str, to: str = "") -> str:
    """Return the database's migration step, after setting it to ``to``."""
    database = Database(url)
    try:
        with database.write() as connection:
            if to:
                connection.execute(
                    sa.text("UPDATE alembic_version SET version_num = :to"), {"to": to}
                )
            return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))
    finally:
        database.close()


def test_only_release_migrates_an_older_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the version before backs up it can restore: no look comes before that backup."""
    home, file = tmp_path / "home", tmp_path / "file.csv"
    file.write_text("")
    monkeypatch.chdir(tmp_path)
    with office_in(home) as office:
        url = office.services.settings.database
    older = f"{int(_step(url)) - 1:04}"
    _step(url, older)
    environment = {"LANTERN_HOME": str(home), "PORT": "0", "COLUMNS": "200"}
    said = {}
    for words, command in _commands(get_command(app)):
        if words in MIGRATE | SERVE:
            continue
        done = command_line(environment, *words.split(), *_values(command, file))
        said[words] = done.out + done.err
        assert _step(url) == older, words
        assert "Traceback" not in done.err, words
    assert {words for words, each in said.items() if OLDER not in each} == NO_DATABASE
    assert OLDER in command_line(environment, "release", "--check").err


@pytest.mark.parametrize("words", LOOK)
def test_a_look_into_a_wrong_folder_makes_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    monkeypatch.chdir(folder)
    done = command_line({"PORT": "0"}, *words.split())
    assert done.code
    said = done.out + done.err
    names_it = f"There is no database {folder}/.lantern/lantern.db"
    assert names_it in said or "Lantern was never used with" in said
    assert list(tmp_path.rglob("*")) == [folder]
