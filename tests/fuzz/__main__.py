"""``make fuzz``: hostile files for every reader, guided by the code that earlier files reached.

A file that causes anything but rows or an error message stops it, and is saved in ``build/fuzz``.
The corpus is saved there as well, so the next run continues from it.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

ATHERIS = "atheris==3.0.0"
FOLDER = Path("build/fuzz").absolute()
USUAL = ("-max_total_time=300", "-max_len=4096", f"-artifact_prefix={FOLDER}/", "-timeout=60")


def main(arguments: list[str]) -> int:
    """Fuzz until the time is over; libFuzzer's own options replace the defaults."""
    atheris = _atheris()
    if atheris is None:
        sys.stderr.write(f"{ATHERIS} cannot be installed here: it has wheels for Linux alone.\n")
        return 2
    with atheris.instrument_imports(include=["integrations.feeds"]):
        hostile = importlib.import_module("tests.integrations.formats.test_hostile")
        formats = importlib.import_module("integrations.feeds.formats.registry").FORMATS
    corpus = FOLDER / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(formats):
        (corpus / each.key).write_bytes(bytes([number]) + each.example.encode())

    def one(raw: bytes) -> None:
        """Read one file with the declaration of one format, which the first byte selects."""
        reader = formats[raw[0] % len(formats)] if raw else formats[0]
        hostile.holds(reader.example_name, raw[1:], hostile.declared(reader))

    atheris.Setup([sys.argv[0], *USUAL, *arguments, str(corpus)], one)
    atheris.Fuzz()
    return 0


def _atheris() -> Any:
    """Import atheris, which is installed beside the environment; return None where it is
    unavailable."""
    sys.path.append(str(FOLDER / "packages"))
    try:
        return importlib.import_module("atheris")
    except ImportError:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", ATHERIS]
        found = subprocess.run([*install, "--target", str(FOLDER / "packages")], check=False)
        importlib.invalidate_caches()
        return None if found.returncode else importlib.import_module("atheris")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
