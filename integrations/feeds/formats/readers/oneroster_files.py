"""Open a OneRoster archive: its files and its manifest."""

from __future__ import annotations

from pathlib import Path

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.text_files import read_records

NEVER_READ = ("demographics.csv",)


def files_of(opened: Opened) -> dict[str, Path]:
    """Return the files of a delivery by lower-case name, without those never read."""
    return {
        name.casefold(): path
        for name, path in opened.members.items()
        if name.casefold() not in NEVER_READ
    }


def manifest_of(path: Path) -> dict[str, str]:
    """Read ``manifest.csv`` of a OneRoster archive: lower-case property → value."""
    found = {}
    for record in read_records(path):
        if len(record.fields) > 1:
            name = record.fields[0].replace("\ufeff", "").strip()
            found[name.casefold()] = record.fields[1].strip()
    return found
