"""Find the roster's files in a folder, whatever the case and spelling of their names."""

from __future__ import annotations

from pathlib import Path

from integrations.feeds.roster.columns import ROSTER
from integrations.feeds.text_files import FeedError

FILES = tuple(each.name for each in ROSTER)
_ALSO = {
    "school": "schools",
    "module": "modules",
    "courses": "modules",
    "student": "students",
    "enrolment": "enrolments",
    "enrollment": "enrolments",
    "enrollments": "enrolments",
    "identifier": "identifiers",
}


def roster_files(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Map the documented names to the files of a folder; also return notes on ignored files.

    Raises ``FeedError`` where there is no folder, or no roster file in it.
    """
    if not folder.is_dir():
        raise FeedError(
            f"{folder.name} is not a folder. Give the folder that holds the roster files."
        )
    found: dict[str, Path] = {}
    notes: list[str] = []
    # The documented names first, so that nothing takes their place.
    for path in sorted(folder.iterdir(), key=lambda path: (path.name not in FILES, path.name)):
        name = documented_name(path) if path.is_file() else None
        if path.name.startswith((".", "~$")):
            continue
        if name is None:
            notes.append(f"{path.name}: not read. The roster files are {', '.join(FILES)}.")
        elif name in found:
            notes.append(f"{path.name}: not read, because {found[name].name} was. Remove one.")
        else:
            found[name] = path
            if path.name not in (name, f"{name}.gz"):
                notes.append(f"{path.name}: read as {name}.")
    if not found:
        raise FeedError(f"{folder.name} holds no roster file. Expected any of {', '.join(FILES)}.")
    return found, notes


def documented_name(path: Path) -> str | None:
    """Return which of the roster's files a file is, by its name; None for none of them."""
    stem, dot, ending = path.name.casefold().strip().partition(".")
    stem = stem.replace(" ", "").replace("_", "")
    name = f"{_ALSO.get(stem, stem)}.csv"
    return name if dot and ending in ("csv", "csv.gz") and name in FILES else None
