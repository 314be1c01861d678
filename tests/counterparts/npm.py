"""The packages of npm that other tests run against, installed beside them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"


def run(*command: str) -> None:
    """Run a program here, to its end."""
    done = subprocess.run(
        [program(command[0]), *command[1:]], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def program(name: str) -> str:
    """The path of a program that Node.js brings."""
    found = shutil.which(name)
    assert found, f"{name} is needed: install Node.js 20 or newer, which brings npm"
    return found


def install() -> None:
    """Install what ``package-lock.json`` names, unless it is there."""
    mark = MODULES / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--no-audit", "--no-fund")
