"""A backup's list of its files with their digests, signed with the audit's key."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from store.db.unit_of_work import Store
from store.rules.errors import InvalidInput

NAME = "manifest.json"
CHANGED = (
    "This backup is not whole or was changed after it was made, so nothing was restored. "
    "Take another backup."
)
OTHER_KEYS = (
    "This backup was made with other keys, or its list was changed, so nothing was restored. Put "
    "the keys back first: lantern restore DIR --keys FILE, or AUDIT_KEY and ENCRYPTION_KEY."
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``step`` is the database's migration step, ``kind`` "whole" or
    "protections", ``files`` each file's SHA-256 and ``rows`` each table's rows."""

    kind: str
    made_at: str
    step: str
    files: Mapping[str, str]
    rows: Mapping[str, int]

    @property
    def at(self) -> dt.datetime:
        """Return the instant at which the backup was made."""
        return dt.datetime.fromisoformat(self.made_at)

    @property
    def text(self) -> str:
        """Write the list as JSON: always the same text for the same backup."""
        return json.dumps(asdict(self), sort_keys=True)


def write_manifest(store: Store, folder: Path, made: Manifest) -> str:
    """Sign the list, write it, and return its signature."""
    mark = store.mark(made.text)
    whole = {**asdict(made), "signature": mark}
    (folder / NAME).write_text(json.dumps(whole, indent=1, sort_keys=True), encoding="utf-8")
    return mark


def checked(store: Store, folder: Path, kind: str) -> Manifest:
    """Return a backup's list, after a check of every file against it.

    Raises:
        InvalidInput: the folder is not a backup of this kind, is incomplete, or was changed.
    """
    manifest = signed(store.mark, folder, kind)
    if digests(folder) != dict(manifest.files):
        raise InvalidInput(CHANGED)
    return manifest


def signed(mark: Callable[[str], str], folder: Path, kind: str) -> Manifest:
    """Return a backup's list, after a check of its signature; ``mark`` is ``Store.mark``.

    Raises:
        InvalidInput: the folder is not a backup of this kind, or is of other keys.
    """
    if not (folder / NAME).is_file():
        raise InvalidInput(
            f"{folder} is not a backup: it holds no {NAME}. Name the backup's folder."
        )
    try:
        whole = json.loads((folder / NAME).read_text(encoding="utf-8"))
        signature = str(whole.pop("signature"))
        manifest = Manifest(**whole)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput(CHANGED) from None
    if mark(manifest.text) != signature:
        raise InvalidInput(OTHER_KEYS)
    if manifest.kind != kind:
        raise InvalidInput(f"{folder} is a backup of another kind ({manifest.kind}).")
    return manifest


def digests(folder: Path) -> dict[str, str]:
    """Map each file below a folder, except the list itself, to its SHA-256."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != NAME:
            with path.open("rb") as content:
                found[name] = hashlib.file_digest(content, "sha256").hexdigest()
    return found
