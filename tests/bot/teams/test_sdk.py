"""The Teams SDK is imported only when needed, and does not change the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what a separate process prints before and after it imports the SDK."""
    folder = tmp_path_factory.mktemp("cwd")
    (folder / ".env").write_text("CLIENT_SECRET=from-a-file\n")
    code = (
        "import os, sys, worker.cli.main, bot.app, integrations.bootstrap;"
        "print([name for name in sys.modules if name.startswith('microsoft_teams')]);"
        "from bot.teams import sdk; sdk.load_sdk(); import dotenv;"
        "print(os.environ.get('CLIENT_SECRET'), dotenv.load_dotenv.__module__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_command_line_and_the_application_do_not_import_it(said: list[str]) -> None:
    assert said[0] == "[]"


def test_a_dot_env_file_that_lies_about_is_not_read(said: list[str]) -> None:
    assert said[1] == "None dotenv.main"
