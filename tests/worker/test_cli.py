"""The command line as documented: what is asked wrongly gets a sentence, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LANTERN = [sys.executable, "-m", "worker.cli.main"]


def lantern(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with ``home`` and these settings, and with no others."""
    bare = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return subprocess.run(
        [*LANTERN, *arguments],
        env={**bare, "LANTERN_HOME": str(home), "COLUMNS": "200", **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("platform", "suffix"), [("slack", "json"), ("sandbox", "html")])
def test_every_card_is_previewed(tmp_path: Path, platform: str, suffix: str) -> None:
    out = tmp_path / "out"
    done = lantern(tmp_path, "cards", "preview", "--platform", platform, "--out", str(out))
    assert done.returncode == 0, done.stderr
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
def test_a_wrong_question_is_answered_in_words(
    tmp_path: Path, arguments: str, sentence: str
) -> None:
    done = lantern(tmp_path, *arguments.split())
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
