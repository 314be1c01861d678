"""List the files of the lake's days, one for each source and day."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from integrations.activity.day_notes import (
    read_note,
)

_FILE = re.compile(r"(\d{4}-\d{2}-\d{2})\.parquet(\.corrupt)?")


_CORRUPT = ".corrupt"


@dataclass(frozen=True, slots=True, order=True)
class SourceDay:
    """One source on one day, which is one file of the lake."""

    source: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class DayFile:
    """A file of the lake, as its folder lists it. Most have no note, which saves looking for it."""

    source: str
    folder: str
    name: str
    day: dt.date
    is_corrupt: bool
    has_note: bool

    @property
    def path(self) -> Path:
        """Return where the file lies in the lake."""
        return _path(f"{self.folder}/{self.name}")

    @property
    def is_covered(self) -> bool:
        """Whether a delivery covers the day."""
        return not self.has_note or read_note(self.path).covered


def list_day_files(
    activity: Path, first: dt.date = dt.date.min, last: dt.date = dt.date.max
) -> Iterator[DayFile]:
    """Yield the files of these days, both included, source by source in the order of days."""
    # Names alone are compared: a year of five sources is thousands of paths, slow to make.
    since, until = first.isoformat(), last.isoformat()
    for folder in sorted(activity.glob("*/")):
        source, place = folder.name, str(folder)
        with os.scandir(place) as entries:
            names = {each.name for each in entries if since <= each.name[:10] <= until}
        for name in sorted(names):
            if match := _FILE.fullmatch(name):
                day = dt.date.fromisoformat(match[1])
                has_note = f"{match[1]}.json" in names
                is_corrupt = match[2] is not None
                yield DayFile(source, place, name, day, is_corrupt, has_note)


@lru_cache(maxsize=8192)
def _path(file: str) -> Path:
    """Return the path of a lake's file. Cached: a night asks for the same ones dozens of times, and
    building one takes longer than most uses of it.
    """
    return Path(file)


def source_and_day(file: Path) -> tuple[str, str]:
    """Return the source and the ISO day of a day's file, by its name."""
    folder, _, name = str(file).rpartition("/")  # a tenth of the time of asking the path
    return folder.rpartition("/")[2], name[:10]


def damaged_name(path: Path) -> Path:
    """Return the name under which a day's file is set aside once it is found damaged."""
    return path.with_name(path.name + _CORRUPT)
