"""The command line as documented: a wrong call ends with a sentence, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.policy.doors import Printed, command_line


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one home for all tests: wrong calls change nothing in it."""
    return tmp_path_factory.mktemp("home")


def lantern(home: Path, *arguments: str, **settings: str) -> Printed:
    """Run a command with ``home`` and these settings, and with no others."""
    return command_line({"LANTERN_HOME": str(home), "COLUMNS": "200", **settings}, *arguments)


@pytest.mark.parametrize(("platform", "suffix"), [("slack", "json"), ("sandbox", "html")])
def test_every_card_is_previewed(home: Path, tmp_path: Path, platform: str, suffix: str) -> None:
    out = tmp_path / "out"
    done = lantern(home, "cards", "preview", "--platform", platform, "--out", str(out))
    assert done.code == 0, done.err
    assert {path.suffix for path in out.iterdir()} == {f".{suffix}"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("cards preview --platform pigeon --out x", "'pigeon' is not one of"),
        ("screen --from 2026-10-12 --to 2026-10-01", "--from is after --to"),
        ("screen --day 2026-10-12 --to 2026-10-14", "not both"),
        ("screen --day tomorrow", "does not match the formats"),
        ("screen --day 2999-01-01", "has not come yet"),
        ("screen --from 2999-01-01 --to 2999-01-02", "has not come yet"),
        ("web --port 70000", "less than or equal to 65535"),
    ],
)
def test_a_wrong_question_is_answered_in_words(home: Path, arguments: str, sentence: str) -> None:
    done = lantern(home, *arguments.split())
    assert done.code == 2
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_a_process_of_its_own_says_the_same(home: Path) -> None:
    asked = ["screen", "--from", "2026-10-12", "--to", "2026-10-01"]
    bare = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli.main", *asked],
        env={**bare, "LANTERN_HOME": str(home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    here = lantern(home, *asked)
    assert done.returncode == here.code == 2
    assert done.stdout == here.out == ""
    # The name by which it was called comes before the sentence.
    assert done.stderr.splitlines()[-3:] == here.err.splitlines()[-3:]
    assert "--from is after --to" in done.stderr
