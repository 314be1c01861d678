"""Unpack gzip and zip files into a scratch folder, within limits.

Names in an archive are never used for writing. A file that unpacks to far more than its packed size
is refused, and so is an archive with names that lead out of it.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from integrations.activity.errors import is_of_the_machine
from integrations.feeds.text_files import FeedError

LARGEST = 4 << 30
"""The most bytes of an unpacked delivery."""

RATIO, RATIO_FROM = 200, 64 << 20
"""The highest compression ratio of a file of more than ``RATIO_FROM`` bytes."""

MOST_MEMBERS = 1_000

_BLOCK = 1 << 20
_DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, ValueError)


def unpack_gzip(path: Path, folder: Path) -> Path:
    """Unpack a gzip file into the folder. Raises ``FeedError`` where it is damaged or a bomb."""
    target = folder / "unpacked"
    try:
        with gzip.open(path) as packed:
            _copy(cast(IO[bytes], packed), target, path.name, path.stat().st_size)
    except _DAMAGED as error:
        if is_of_the_machine(error):
            raise
        raise _damaged(path.name) from None
    return target


def is_workbook(path: Path) -> bool:
    """Return whether a zip file is an Excel or OpenDocument workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except _DAMAGED as error:
        if is_of_the_machine(error):
            raise
        return False
    return "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names


def check_workbook(path: Path) -> None:
    """Check a workbook against the limits before it is opened. Raises ``FeedError``."""
    try:
        with zipfile.ZipFile(path) as archive:
            _checked(archive, path)
    except _DAMAGED as error:
        if is_of_the_machine(error):
            raise
        raise _damaged(path.name) from None


def unpack_zip(path: Path, folder: Path) -> dict[str, Path]:
    """Unpack every file of an archive; return name, without folders → unpacked path.

    Raises ``FeedError`` where the archive is damaged, locked, a bomb, or not to be trusted.
    """
    found: dict[str, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for at, member in enumerate(_checked(archive, path)):
                name = PurePosixPath(member.filename).name
                if name in found:
                    raise FeedError(f"{path.name} holds two files called {name}. Send one.")
                found[name] = folder / f"member-{at}"
                with archive.open(member) as packed:
                    _copy(packed, found[name], path.name, max(member.compress_size, 1))
    except RuntimeError:
        raise FeedError(
            f"{path.name} is locked with a password. Send it without one, over a safe way."
        ) from None
    except _DAMAGED as error:
        if is_of_the_machine(error):
            raise
        raise _damaged(path.name) from None
    if not found:
        raise FeedError(f"{path.name} holds no file. Nothing was loaded.")
    return found


def _checked(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """Return the files of an archive after checking that their names and sizes are harmless."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise FeedError(f"{path.name} holds more than {MOST_MEMBERS:,} files. Send fewer.")
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in member.filename:
            raise FeedError(
                f"{path.name} holds a file whose name leads out of the archive. "
                "It was not unpacked; ask the sender how it was made."
            )
        _hold(member.file_size, max(member.compress_size, 1), path.name)
    _hold(sum(member.file_size for member in members), 0, path.name)
    return [
        member
        for member in members
        if not PurePosixPath(member.filename).name.startswith(".")
        and "__MACOSX" not in PurePosixPath(member.filename).parts
    ]


def _copy(packed: IO[bytes], target: Path, name: str, size: int) -> None:
    written = 0
    with target.open("wb") as out:
        for block in _blocks(packed):
            written += out.write(block)
            _hold(written, size, name)


def _blocks(packed: IO[bytes]) -> Iterator[bytes]:
    while block := packed.read(_BLOCK):
        yield block


def _hold(size: int, packed: int, name: str) -> None:
    if size > LARGEST or (packed and size > RATIO_FROM and size > RATIO * packed):
        raise FeedError(
            f"{name} unpacks to far more than such a file can hold. It was not loaded; "
            "ask the sender how it was made."
        )


def _damaged(name: str) -> FeedError:
    return FeedError(
        f"{name} cannot be unpacked completely: it is probably cut off or damaged. Fetch it again."
    )
