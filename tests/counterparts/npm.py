"""The npm packages that tests run against: their installation and use."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"


def run(*command: str) -> None:
    """Run a program in this folder, and wait for its end."""
    done = subprocess.run(
        [program(command[0]), *command[1:]], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def program(name: str) -> str:
    """Return the path of a program that comes with Node.js."""
    found = shutil.which(name)
    assert found, f"{name} is needed: install Node.js 20 or newer, which brings npm"
    return found


def install() -> None:
    """Install the packages in ``package-lock.json``, unless they are installed."""
    mark = MODULES / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--no-audit", "--no-fund")
