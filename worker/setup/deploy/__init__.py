"""Files to run Lantern with containers or systemd and to watch it, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from store.rules.errors import InvalidInput
from worker.setup.env_file import write_whole

_SUFFIXES = (".yaml", ".service", ".timer", ".json")
_NAMES = ("Containerfile", "Caddyfile")


def deploy_files() -> dict[str, str]:
    """Give each file by its name."""
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in resources.files(__package__).iterdir()
        if each.name in _NAMES or each.name.endswith(_SUFFIXES)
    }


def write_deploy_files(folder: Path) -> Iterator[str]:
    """Write them all into a folder, and say so.

    Raises:
        InvalidInput: one of them is there already, so none was written; or it cannot be written.
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
