"""Help is printed at once: a command's imports happen when that command runs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("duckdb", "httpx", "jinja2", "pydantic", "redis", "rq", "sklearn", "sqlalchemy")
NAMED = f"import sys, worker.cli.main; print(*sorted(sys.modules.keys() & {set(HEAVY)!r}))"


def test_the_command_line_imports_nothing_heavy_before_a_command_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NAMED], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == []
