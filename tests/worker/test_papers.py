"""``lantern papers`` writes documents for this installation, and overwrites none unless asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.recipients import recipients
from integrations.settings import settings_of
from tests.policy.doors import Printed, command_line


def lantern(home: Path, *words: object, **settings: str) -> Printed:
    return command_line({"LANTERN_HOME": str(home), "COLUMNS": "200", **settings}, *words)


def test_the_papers_are_written_and_kept(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "papers"
    assert lantern(home, "release").code == 0
    done = lantern(home, "papers", out)
    assert done.code == 0, done.err
    names = sorted(path.name for path in out.iterdir())
    assert all(name in done.out for name in names)
    assert len(names) == 5

    (out / names[0]).write_text("what the officer added", encoding="utf-8")
    refused = lantern(home, "papers", out)
    assert refused.code == 2
    assert "--replace" in refused.err
    assert (out / names[0]).read_text(encoding="utf-8") == "what the officer added"
    assert lantern(home, "papers", out, "--replace").code == 0
    assert (out / names[0]).read_text(encoding="utf-8") != "what the officer added"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "a file"
    out.write_text("", encoding="utf-8")
    done = lantern(home, "papers", out)
    assert (done.code, "Traceback" in done.err) == (2, False)
    assert str(out) in done.err


SECRET = "an-invented-secret-of-32-characters"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        ({"SMTP_HOST": "mail.example.ac.uk", "IMAP_HOST": "mail.example.ac.uk"}, ["Mail server"]),
        ({"REDIS_URL": "redis://redis.example.ac.uk:6379/0"}, ["Redis server"]),
        (
            {"DATABASE_URL": f"postgresql://lantern:{SECRET}@db.example.ac.uk/lantern"},
            ["Database server"],
        ),
        ({"DATABASE_URL": "postgresql://lantern@localhost/lantern"}, []),
    ],
)
def test_recipients_follow_the_settings_and_name_no_secret(
    tmp_path: Path, given: dict[str, str], names: list[str]
) -> None:
    found = recipients(settings_of({"LANTERN_HOME": str(tmp_path), **given}))
    assert [each.name.rsplit(" ", 1)[0] for each in found] == names
    assert SECRET not in repr(found)
