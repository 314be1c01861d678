"""List the files in ``<home>/feeds``: each is to be loaded as its folder's source, or has a reason
why not.

No file is skipped silently, whatever its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from integrations.activity.lake import is_source_name
from integrations.feeds.loading import sha256_of
from integrations.feeds.manifest import SUFFIX, is_manifest
from integrations.feeds.text_files import FeedError

EVENT_FILES = (".csv", ".csv.gz", ".parquet")
NO_DATA = (
    ".pdf",
    ".doc",
    ".docx",
    ".ppt",
    ".pptx",
    ".eml",
    ".msg",
    ".png",
    ".jpg",
    ".jpeg",
    ".exe",
)
"""Suffixes of documents and pictures. Any other file is recognised by its content."""
UNFINISHED = ((".", "~$"), ("~", ".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp"))
"""How the names of files begin and end while they are written, or are open in Excel."""
NOT_LOOKED_AT = "Not looked at"
NO_SOURCE = "feeds"
"""Stands for the source of a file that is not in a source's folder."""
_NO_FOLDER = (
    "feeds in LANTERN_HOME is a file. Move it away, and make a folder of that name with one for "
    "each source, such as feeds/moodle."
)

_NO_FILE = "{} is not a file, or a link that leads nowhere. Put the file itself in its place."
_NO_SOURCE_NAME = (
    "{} is in the folder {}, which cannot be the name of a source. Rename the folder: small "
    "letters, digits and hyphens, as in moodle."
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the folder. ``why_not``: why it is ignored; '' where it is to be loaded."""

    path: Path
    source: str
    why_not: str = ""


def found_in(folder: Path) -> Iterator[FoundFile]:
    """Yield every file under the folder in order, except the manifests of other files in it."""
    if folder.is_file():
        yield FoundFile(folder, NO_SOURCE, _NO_FOLDER)
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or is_manifest(path):
            continue
        inside = path.relative_to(folder).parts
        source = inside[0] if len(inside) > 1 else NO_SOURCE
        # A pipe would keep the night waiting for ever.
        why_not = _why_not(path, len(inside)) if path.is_file() else _NO_FILE.format(path.name)
        if not why_not and not is_source_name(source):
            why_not = _NO_SOURCE_NAME.format(path.name, source)
        yield FoundFile(path, source, why_not)


def source_folders(home: Path) -> list[str]:
    """Return the sources that have a folder for their files under ``<home>/feeds``."""
    return sorted(each.name for each in (home / "feeds").glob("*") if each.is_dir())


def not_looked_at(found: FoundFile) -> FeedError:
    """Build the error for an ignored file: why it is ignored, and what to do."""
    return FeedError(f"{NOT_LOOKED_AT}, because {found.why_not}")


def with_manifest(path: Path) -> str:
    """Hash a file together with its declarations: a changed declaration counts as a new file."""
    own = path.with_name(path.name + SUFFIX)
    return sha256_of(path, own) if own.exists() else sha256_of(path)


def _why_not(path: Path, depth: int) -> str:
    if depth == 1:
        return (
            f"{path.name} is not in a source's folder. Move it to a folder in feeds that is named "
            "after its source, such as feeds/moodle."
        )
    if depth > 2:
        return (
            f"{path.name} is in a subfolder of the source's folder. Move it up, beside the "
            "source's other files."
        )
    if path.suffix == ".toml":
        return f"the file that {path.name} describes does not exist."
    if path.name.startswith(UNFINISHED[0]) or path.name.lower().endswith(UNFINISHED[1]):
        return (
            f"{path.name} looks like a file that is still being written. Rename it when complete."
        )
    if path.name.lower().endswith(NO_DATA):
        return f"{path.name} is a document, not data. Export the data, for example as CSV."
    return ""
