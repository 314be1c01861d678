"""Write the files that run Lantern with containers or systemd, and monitor it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from store.rules.errors import InvalidInput
from worker.setup.env_file import write_whole

_SUFFIXES = (".yaml", ".service", ".timer", ".json")
_NAMES = ("README.md", "Containerfile", "Caddyfile")


def deploy_files() -> dict[str, str]:
    """Map the name of each file for containers, systemd and monitoring to its text."""
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in resources.files(__package__).iterdir()
        if each.name in _NAMES or each.name.endswith(_SUFFIXES)
    }


def write_deploy_files(folder: Path) -> Iterator[str]:
    """Write all files into a folder, and yield a sentence on each.

    Raises:
        InvalidInput: one of them exists, so none was written; or one cannot be written.
    """
    files = deploy_files()
    if there := sorted(name for name in files if (folder / name).exists()):
        raise InvalidInput(
            f"{folder} holds {', '.join(there)} already, so nothing was written. "
            "Choose a new folder."
        )
    for name, text in sorted(files.items()):
        write_whole(folder / name, text)
        yield f"wrote {folder / name}"
