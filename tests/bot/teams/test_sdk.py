"""The SDK comes in late, and leaves the environment alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def _runs(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.strip()


def test_the_command_line_and_the_application_do_not_import_it(tmp_path: Path) -> None:
    code = (
        "import sys, worker.cli.main, bot.app, integrations.bootstrap;"
        "print([name for name in sys.modules if name.startswith('microsoft_teams')])"
    )

    assert _runs(code, tmp_path) == "[]"


def test_a_dot_env_file_that_lies_about_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CLIENT_SECRET=from-a-file\n")
    code = (
        "import os; from bot.teams import sdk; sdk.load_sdk(); import dotenv;"
        "print(os.environ.get('CLIENT_SECRET'), dotenv.load_dotenv.__module__)"
    )

    assert _runs(code, tmp_path) == "None dotenv.main"
