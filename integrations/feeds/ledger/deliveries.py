"""The delivery ledger: a record of each delivery, and its facts, stored separately.

``deliveries/<source>/<number>/`` holds ``entry.json`` (this record), ``facts/<day>.parquet`` (the
rows of ``integrations.activity.lake.COLUMNS`` that the delivery states of a day), ``refused.json``
(the students that its refused rows may be about) and what came: ``original.sealed`` (the records of
a file of some format, see ``originals``) or ``rows.sealed`` (rows of the event feed, see
``kept_rows``). ``deliveries/<source>/before/<day>.parquet`` are days from before there was a
ledger. A folder without ``entry.json`` is a delivery that never arrived as a whole; it is ignored.

The days of the lake are made from the facts by one rule: see ``ledger_rule``.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from integrations.activity.day_files import flush
from integrations.activity.errors import LakeError, cannot_write
from integrations.activity.lake import Lake
from integrations.activity.scratch_database import locked
from integrations.feeds.own_range import Period

Window = tuple[dt.datetime, dt.datetime]
"""From the first instant, which is not included, to the last."""

ABANDONED = dt.timedelta(days=2)
"""After this a folder without an entry is what a killed process left."""


class State(StrEnum):
    """The state of a delivery: in use, waiting for a decision, or withdrawn."""

    IN_USE = "in-use"
    WAITING = "waiting"
    """The delivery would remove much, so a person decides."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery. ``number`` is unique over all sources; ``sha256`` is of the delivered bytes.

    Only ``state``, ``why`` and fields derived by reading what is kept again ever change.
    """

    number: int
    source: str
    file: str
    sha256: str
    arrived: dt.datetime
    judged_on: dt.date | None = None
    """The day of arrival for judging future dates. None: a replay."""
    state: State = State.IN_USE
    declared: Period | None = None
    """The declared coverage, from the command line or a manifest."""
    complete: bool = False
    """Whether it is declared as complete for its days (and schools)."""
    schools: tuple[str, ...] = ()
    """The declared schools that it covers; none: see ``modules``."""
    covered: tuple[Period, ...] = ()
    """The days that it covers."""
    added: tuple[dt.date, ...] = ()
    """Days outside them that it has rows of: far off, or sessions to come."""
    polled: Window | None = None
    """Of a poll: it asked for what was stored after the first instant, and has all up to the
    second. It adds to what others say."""
    instead_of: tuple[int, ...] = ()
    """Of a poll: the numbers of withdrawn ones whose time it asked for again."""
    modules: frozenset[str] | None = frozenset()
    """The modules that it covers: those it has rows on. None: the whole source."""
    accepted: int = 0
    rejected: int = 0
    torn: int = 0
    """The number of lines that were no rows at all; they are not kept."""
    why: str = ""
    """Why the delivery waits."""
    rows_kept: bool = False
    original_kept: bool = False
    """Whether the records of its file are kept, instead of rows of the event feed."""
    format: str = ""
    """The key of its file's format; '' where that was not recorded."""
    made_with: str = ""
    """The version of the reader that made its facts, and of what it read them with."""
    reading: Mapping[str, str] = field(default_factory=dict)
    """How its file was declared to be read: dates, zone, module, sheet."""
    known_as: str = ""
    """The digest under which its file is recorded, where that is not ``sha256``."""
    left_out: int = 0
    """The number of records that the reader refused."""
    read_again: dt.datetime | None = None
    """When its facts were last made again, by a newer reader or roster."""
    erasures: int = 0
    """The number of students whose rows were removed from it."""

    @property
    def order(self) -> tuple[dt.datetime, str, int]:
        """The sort key: later arrivals last, independent of the order of reading."""
        return self.arrived, self.sha256, self.number


class Ledger:
    """The deliveries of a lake, each stored separately with its coverage."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self._folder = lake.root / "deliveries"

    def entries(self, source: str | None = None) -> list[Entry]:
        """Return all complete deliveries, or those of one source; oldest first.

        Raises ``LakeError`` where the record of one is damaged.
        """
        folders = [self._folder / source] if source else map(self._folder.joinpath, self.sources())
        found = (entry for each in folders for entry in _entries_in(each))
        return sorted(found, key=lambda entry: entry.order)

    def sources(self) -> list[str]:
        """List the sources that have a folder."""
        return sorted(path.name for path in self._folder.glob("*") if path.is_dir())

    def folder(self, entry: Entry) -> Path:
        """Return the folder of this delivery."""
        return self._folder / entry.source / f"{entry.number:06}"

    def facts(self, entry: Entry, day: dt.date) -> Path:
        """Return the path of the delivery's facts for this day. The file need not exist."""
        return self.folder(entry) / "facts" / f"{day}.parquet"

    def before(self, source: str, day: dt.date) -> Path:
        """Return the file of a day from before there was a ledger. It need not exist."""
        return self._folder / source / "before" / f"{day}.parquet"

    def ids(self, entry: Entry) -> Path:
        """Return the file of a poll's ids, see ``polls``. It need not exist."""
        return self.folder(entry) / "ids.bin"

    def original(self, entry: Entry) -> Path:
        """Return the file of what was delivered. It need not exist."""
        return self.folder(entry) / "original.sealed"

    def reserve(self, source: str) -> int:
        """Create the folder of a new delivery; return its number. It counts only once saved."""
        self.lake.path(source, dt.date.min)  # refuses an unusable name
        with locked(self._folder):
            taken = (int(path.name) for path in self._folder.glob("*/[0-9]*") if path.is_dir())
            number = max(taken, default=0) + 1
            (self._folder / source / f"{number:06}" / "facts").mkdir(parents=True)
        return number

    def save(self, entry: Entry) -> None:
        """Write the record of a delivery, atomically. Raises ``LakeError`` where it cannot."""
        path = self.folder(entry) / "entry.json"
        unfinished = path.with_suffix(".json-new")
        record = json.dumps(_plain(entry), indent=1, sort_keys=True)
        try:
            unfinished.write_text(record, encoding="utf-8")
            flush(unfinished)
            unfinished.replace(path)
            flush(path.parent)
        except OSError as error:
            raise cannot_write("The record of a delivery", error) from None

    def forget_unsaved(self, entry: Entry) -> None:
        """Delete what was written of a delivery without a record: it would fill the disk."""
        if not (self.folder(entry) / "entry.json").exists():
            shutil.rmtree(self.folder(entry), ignore_errors=True)

    def sweep(self, now: dt.datetime) -> int:
        """Delete folders left by killed processes; return how many."""
        gone = 0
        for folder in self._folder.glob("*/[0-9]*"):
            age = now.timestamp() - folder.stat().st_mtime
            if not (folder / "entry.json").exists() and age > ABANDONED.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
        return gone

    def files_before(self) -> list[Path]:
        """Return every file of facts from before there was a ledger."""
        return sorted(self._folder.glob("*/before/*.parquet"))


def same_delivery(entry: Entry, other: Entry) -> bool:
    """Return whether two deliveries have the same content, days, schools and completeness."""
    return (entry.source, entry.sha256, entry.declared, entry.complete, entry.schools) == (
        other.source,
        other.sha256,
        other.declared,
        other.complete,
        other.schools,
    )


def _plain(entry: Entry) -> dict[str, object]:
    said = asdict(replace(entry, modules=None))
    said["modules"] = None if entry.modules is None else sorted(entry.modules)
    said["arrived"] = entry.arrived.isoformat()
    said["judged_on"] = entry.judged_on and str(entry.judged_on)
    said["declared"] = entry.declared and [str(day) for day in entry.declared]
    said["covered"] = [[str(first), str(last)] for first, last in entry.covered]
    said["added"] = [str(day) for day in entry.added]
    said["polled"] = entry.polled and [each.isoformat() for each in entry.polled]
    said["reading"] = dict(entry.reading)
    said["read_again"] = entry.read_again and entry.read_again.isoformat()
    return said


def _entries_in(folder: Path) -> Iterator[Entry]:
    """Yield the deliveries of a source's folder.

    A load asks for them several times, and they are many after a year. So each record is read only
    when its file is another one: it is never written to, but replaced.
    """
    if not folder.is_dir():
        return
    for number in sorted(folder.iterdir()):
        path = number / "entry.json"
        try:
            file = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        state = (file.st_ino, file.st_mtime_ns, file.st_size)
        known = _READ.get(path)
        if known is None or known[0] != state:
            if len(_READ) >= _REMEMBERED:
                _READ.clear()
            known = _READ[path] = state, _read(path)
        yield known[1]


_READ: dict[Path, tuple[tuple[int, int, int], Entry]] = {}
_REMEMBERED = 20_000


def _read(path: Path) -> Entry:
    try:
        return _entry(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError):
        folder = path.parent
        raise LakeError(
            f"The record of delivery {folder.name} of {folder.parent.name} is damaged. Restore "
            f"{path.name} from a backup, or delete the folder and load its file again."
        ) from None


def _entry(said: dict[str, Any]) -> Entry:
    said["arrived"] = dt.datetime.fromisoformat(said["arrived"])
    said["judged_on"] = said["judged_on"] and dt.date.fromisoformat(said["judged_on"])
    said["state"] = State(said["state"])
    said["declared"] = _period(said["declared"]) if said["declared"] else None
    said["schools"] = tuple(said["schools"])
    said["covered"] = tuple(_period(each) for each in said["covered"])
    said["added"] = tuple(dt.date.fromisoformat(day) for day in said["added"])
    said["modules"] = None if said["modules"] is None else frozenset(said["modules"])
    said["polled"] = _window(said["polled"]) if said.get("polled") else None
    again = said.get("read_again")
    said["read_again"] = dt.datetime.fromisoformat(again) if again else None
    said["instead_of"] = tuple(said.get("instead_of", ()))
    return Entry(**said)


def _window(instants: list[str]) -> Window:
    since, until = instants
    return dt.datetime.fromisoformat(since), dt.datetime.fromisoformat(until)


def _period(days: list[str]) -> Period:
    first, last = days
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)
